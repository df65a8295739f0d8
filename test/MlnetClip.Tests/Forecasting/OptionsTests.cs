using System.Globalization;
using Microsoft.ML;
using MlnetClip.Data;
using MlnetClip.Settings;

namespace MlnetClip.Tests.Forecasting;

[TestClass]
public sealed class OptionsTests
{
    private readonly MLContext _context = new(seed: 1);

    public static IEnumerable<object[]> IllegalValues =>
        from option in LstmForecastingTrainer.Options.Table
        where option.Range is not null
        from value in Outside(option.Range!, typeof(LstmForecastingTrainer.Options).GetProperty(option.Name)!.PropertyType)
        select new object[] { option.Name, value };

    [TestMethod]
    [DynamicData(nameof(IllegalValues))]
    public void EveryValueOutsideItsRangeIsRefusedByName(string option, double value)
    {
        var property = typeof(LstmForecastingTrainer.Options).GetProperty(option)!;
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        string message = Refused(options => property.SetValue(options, Convert.ChangeType(value, type, null)));
        Assert.StartsWith($"LstmForecastingTrainer.Options.{option} must be ", message);
        Assert.Contains("but was ", message);
    }

    [TestMethod]
    public void AllErrorsAreReportedTogether()
    {
        string message = Refused(options => (options.OutputColumnName, options.Horizon, options.Dropout, options.Scaling) = ("", 0, 0.5f, (SeriesScaling)7));
        foreach (string option in new[] { "OutputColumnName", "Horizon", "Dropout", "Scaling" })
            Assert.Contains($"LstmForecastingTrainer.Options.{option} must be ", message);
    }

    [TestMethod]
    [DataRow(nameof(LstmForecastingTrainer.Options.Clipping))]
    [DataRow(nameof(LstmForecastingTrainer.Options.NonFinite))]
    [DataRow(nameof(LstmForecastingTrainer.Options.Optimizer))]
    [DataRow(nameof(LstmForecastingTrainer.Options.LearningRateSchedule))]
    [DataRow(nameof(LstmForecastingTrainer.Options.Loss))]
    [DataRow(nameof(LstmForecastingTrainer.Options.Backend))]
    public void NullIsRefusedWhereASettingIsNeeded(string option) => Assert.Contains(
        $".{option} must be set, but was null",
        Refused(options => typeof(LstmForecastingTrainer.Options).GetProperty(option)!.SetValue(options, null)));

    [TestMethod]
    public void DropoutNeedsTwoLayers()
    {
        Assert.Contains("Hint: set NumberOfLayers to 2 or more.", Refused(options => options.Dropout = 0.1f));
        _context.Forecasting.ForecastByLstm(Forecasts.Options(options => (options.Dropout, options.NumberOfLayers) = (0.1f, 2)));
    }

    /// <summary>It would be trained and could not be saved.</summary>
    [TestMethod]
    [DataRow(50_000)]
    [DataRow(11_500)]
    public void AModelThatNoFileHoldsIsRefused(int hiddenSize) =>
        Assert.Contains(".HiddenSize must leave the model with at most 520093681 weights, which a model file can hold", Refused(options => options.HiddenSize = hiddenSize));

    /// <summary>What a vector of covariates adds is known when the data are.</summary>
    [TestMethod]
    public void ColumnsThatMakeAModelTooLargeForAFileAreRefused()
    {
        LstmForecastingTrainer.Options options = Forecasts.Options(options => options.HiddenSize = 11_300);
        options.Validate();
        options.CheckSize(new WindowLayout(12, 3));
        string message = Assert.ThrowsExactly<ArgumentException>(() => options.CheckSize(new WindowLayout(12, 3, Past: 300))).Message;
        Assert.Contains(".HiddenSize must leave the model with at most 520093681 weights, which a model file can hold, but was 11300, which makes 5.2E+008 with 301 inputs per time step", message);
    }

    [TestMethod]
    public void ABatchMayBeLargerThanTheData() => Assert.AreEqual(3L, Forecasts.Fit(_context, options => options.BatchSize = int.MaxValue).Training.Steps);

    [TestMethod]
    public void EarlyStoppingNeedsValidation() => Assert.Contains(
        ".EarlyStopping must be null without validation",
        Assert.ThrowsExactly<ArgumentException>(() => Forecasts.Fit(_context, options => (options.EarlyStopping, options.ValidationFraction) = (new(), 0))).Message);

    [TestMethod]
    public void TheSimpleOverloadSetsWhatItNames()
    {
        var data = Forecasts.View(_context, Forecasts.Wave(60));
        var model = _context.Forecasting.ForecastByLstm(
            "Out", "Value", windowSize: 8, horizon: 2, clipping: GradientClipping.ByValue(0.5f), hiddenSize: 4, numberOfEpochs: 2, learningRate: 0.01f).Fit(data);
        Assert.AreEqual(("Value", "Out", 8, 2, 4), (model.InputColumnName, model.OutputColumnName, model.Model.WindowSize, model.Model.Horizon, model.Model.HiddenSize));
        Assert.AreEqual(("value:0.5", 2, "0.01"), (model.Training.Clipping, model.Training.Epochs, model.Training.Options["LearningRate"]));
    }

    [TestMethod]
    public void WithoutAnInputColumnTheOutputReplacesItsOwn()
    {
        var model = Forecasts.Fit(_context, options => (options.InputColumnName, options.OutputColumnName) = (null, "Value"));
        var scored = model.Transform(Forecasts.View(_context, Forecasts.Wave(20)));
        Assert.HasCount(3, Forecasts.Read(scored, "Value")[^1]);
        Assert.IsTrue(scored.Schema[1].IsHidden);
    }

    [TestMethod]
    public void TheDefaultClippingIsTheSameEverywhere()
    {
        var norm = GradientClipping.ByGlobalNorm(1);
        Assert.AreEqual(norm, new LstmForecastingTrainer.Options().Clipping);
        var data = Forecasts.View(_context, Forecasts.Wave(60));
        LstmTrainingReport training = _context.Forecasting.ForecastByLstm("Out", "Value", windowSize: 8, horizon: 2, hiddenSize: 2, numberOfEpochs: 1).Fit(data).Training;
        Assert.AreEqual($"{norm}", training.Clipping);
    }

    [TestMethod]
    public void OptionsAreCopied()
    {
        var options = Forecasts.Options();
        var estimator = _context.Forecasting.ForecastByLstm(options);
        (options.WindowSize, options.Horizon, options.OutputColumnName) = (0, 0, "");
        Assert.AreEqual(12, estimator.Fit(Forecasts.View(_context, Forecasts.Wave(60))).Model.WindowSize);
    }

    private static IEnumerable<double> Outside(OptionRange range, Type type)
    {
        bool whole = (Nullable.GetUnderlyingType(type) ?? type) == typeof(int);
        double[] candidates = [range.Minimum, range.Minimum - 1, range.Maximum, range.Maximum + 1, -1, 0, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        return candidates.Where(value => !range.Contains(value) && (!whole || (double.IsFinite(value) && value <= int.MaxValue))).Distinct();
    }

    private string Refused(Action<LstmForecastingTrainer.Options> change) =>
        Assert.ThrowsExactly<ArgumentException>(() => _context.Forecasting.ForecastByLstm(Forecasts.Options(change))).Message;

    [TestMethod]
    public void ErrorsAreTheSameInEveryCulture()
    {
        string Message() => Refused(options => (options.Dropout, options.NumberOfLayers) = (0.5f, 1)) + Refused(options => options.Quantiles = [0.25f, 0.75f]);
        string expected = Message();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone(); // none of the system's: tests run without them too
            other.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = other;
            Assert.AreEqual(expected, Message());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
