using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlnetClip.Tests.Forecasting;

/// <summary>Series far from 0, faulty readings, and long gaps: 300 rows of level 20 with a sine of amplitude 5 and noise of 0.3, unless said.</summary>
[TestClass]
public sealed class PrecisionTests
{
    private const int Rows = 300, Cut = 240;

    private static readonly double[] Sine = MakeSine();
    private static readonly Lazy<double> PlainRmse = new(() => Rmse(Sine));

    [TestMethod]
    [DataRow(1e8)]
    [DataRow(1e9)]
    [DataRow(-1e10)]
    public void AColumnOfTypeDoubleTrainsAsWellAtAnyLevel(double level)
    {
        double rmse = Rmse([.. Sine.Select(value => value + level)], out List<string> warnings);
        Assert.AreEqual(PlainRmse.Value, rmse, 0.02 * PlainRmse.Value);
        Assert.IsEmpty(warnings);
    }

    [TestMethod]
    public void TheForecastHasTheTypeOfTheSeries()
    {
        var context = new MLContext(seed: 1);
        IDataView data = View(context, Sine);
        var estimator = context.Forecasting.ForecastByLstm(Options());
        var chain = estimator.Append(context.Transforms.CopyColumns("Copy", "Forecast")).Fit(data);
        IDataView scored = chain.Transform(data);
        Assert.AreEqual(NumberDataViewType.Double, ((VectorDataViewType)scored.Schema["Copy"].Type).ItemType);
        var typed = context.Data.CreateEnumerable<DoubleForecast>(scored, reuseRowObject: false, ignoreMissingColumns: true).Last();
        Assert.AreSequenceEqual(((LstmForecastingTransformer)chain.First()).Forecast(Sine), typed.Forecast);
    }

    [TestMethod]
    public void AModelServesColumnsOfBothTypes()
    {
        var context = new MLContext(seed: 1);
        LstmForecastingTransformer model = context.Forecasting.ForecastByLstm(Options()).Fit(View(context, Sine));
        float[] singles = [.. Sine.Select(value => (float)value)];
        float[] last = Forecasts.Read(model.Transform(Forecasts.View(context, singles)))[^1];
        double[] expected = model.Forecast(Sine);
        for (int h = 0; h < last.Length; h++) Assert.AreEqual(expected[h], last[h], 1e-4);
        Assert.AreSequenceEqual(model.Forecast(singles), last);
    }

    [TestMethod]
    public void DigitsThatTheTypeLosesAreSaid()
    {
        string lost = Warning([.. Sine.Select(value => (float)(value + 1e8))]);
        Assert.Contains("Column 'Value' loses digits: it has values as large as 1E+08, where numbers of type Single are 8 apart", lost);
        Assert.Contains("Hint: load the column as Double", lost);
        Assert.Contains("numbers of type Double are 2 apart", Warnings([.. Sine.Select(value => value + 1e16)]).Single());
        Assert.IsEmpty(Warnings([.. Sine.Select(value => value + 1e4)]));
        Assert.IsEmpty(Warnings([.. Enumerable.Range(0, Rows).Select(row => (double)(16_000_000 + (row * 7 % 5)))]), "whole numbers that Double holds exactly");
    }

    [TestMethod]
    public void ASeriesThatOnlyTheTypeMakesConstantHasAHint()
    {
        var context = new MLContext(seed: 1);
        string message = Assert.ThrowsExactly<InvalidDataException>(
            () => context.Forecasting.ForecastByLstm(Options()).Fit(Forecasts.View(context, Enumerable.Repeat(1e9f, Rows)))).Message;
        Assert.Contains("Hint: numbers of type Single are 64 apart there, so smaller changes are lost: load the column as Double.", message);
    }

    [TestMethod]
    public void NumbersBeyondSingleAreRefused()
    {
        double[] values = [.. Sine];
        values[31] = -1e39;
        Assert.Contains("Column 'Value' must hold numbers from -3.4e38 to 3.4e38, but row 31 (from 0) is -1E+39.", Assert.ThrowsExactly<InvalidDataException>(() => Warnings(values)).Message);
    }

    [TestMethod]
    public void ExtremeReadingsAreNamed()
    {
        string warning = Warnings(Faulty()).Single();
        Assert.Contains("Column 'Value' has 2 extreme values", warning);
        Assert.Contains("row 57 is -9999, row 130 is -9999.", warning);
        Assert.Contains("or set Scaling to Robust", warning);
        Assert.Contains("Robust scaling treats such values as missing.", Warnings(Faulty(), options => options.Scaling = SeriesScaling.Robust).Single());
        Assert.Contains("row 57 is -9999", Warnings(Faulty(), options => options.Scaling = SeriesScaling.Standardize).Single());
        Assert.Contains("row 57 is -9999", Warnings(Faulty(), options => options.Scaling = SeriesScaling.None).Single());
    }

    [TestMethod]
    public void HeavyTailsAndRarePulsesAreNotExtremeReadings()
    {
        var random = new Random(3);
        Assert.IsEmpty(Warnings([.. Enumerable.Range(0, Rows).Select(_ => Math.Exp(Normal(random)))]));
        Assert.IsEmpty(Warnings([.. Enumerable.Range(0, Rows).Select(row => row % 20 == 7 ? 3.0 : 0)]));
        Assert.IsEmpty(Warnings([.. Enumerable.Range(0, Rows).Select(row => row < 150 ? 0.0 : 1000)]), "a step");
    }

    [TestMethod]
    public void ARobustScaleIsNotRuinedByExtremeReadings()
    {
        double robust = Rmse(Faulty(), out _, options => options.Scaling = SeriesScaling.Robust);
        double clean = Rmse(Sine, out _, options => options.Scaling = SeriesScaling.Robust);
        Assert.IsLessThan(1.3 * PlainRmse.Value, clean);
        Assert.IsLessThan(1.3 * PlainRmse.Value, robust);
        Assert.IsGreaterThan(3 * PlainRmse.Value, Rmse(Faulty()), "the default scale is ruined: otherwise this test shows nothing");
    }

    [TestMethod]
    public void AForecastFromAFaultyReadingIsThatOfTheRowsBefore()
    {
        var context = new MLContext(seed: 1);
        LstmForecastingTransformer model = context.Forecasting.ForecastByLstm(Options(options => options.Scaling = SeriesScaling.Robust)).Fit(View(context, Sine));
        double[] faulty = [.. Sine[..100], -9999], missing = [.. Sine[..100], double.NaN];
        double[] expected = model.Forecast(missing), found = model.Forecast(faulty);
        for (int h = 0; h < found.Length; h++) Assert.AreEqual(expected[h], found[h]);
    }

    [TestMethod]
    public void AWarmStartOfAnotherUnitIsWarnedOf()
    {
        var context = new MLContext(seed: 1);
        LstmForecastingTransformer model = context.Forecasting.ForecastByLstm(Options(options => options.NumberOfEpochs = 1)).Fit(View(context, Sine));
        Assert.IsEmpty(Warm(context, model, [.. Sine.Select(value => value * 2)]));
        Assert.Contains("The starting model does not match column 'Value': it has a scale of ", Warm(context, model, [.. Sine.Select(value => value * 1e6)]).Single());
        LstmForecastingTransformer standardized = context.Forecasting
            .ForecastByLstm(Options(options => (options.NumberOfEpochs, options.Scaling) = (1, SeriesScaling.Standardize))).Fit(View(context, Sine));
        Assert.Contains(
            "it has a mean of ", Warm(context, standardized, [.. Sine.Select(value => value + 1000)], options => options.Scaling = SeriesScaling.Standardize).Single());
    }

    [TestMethod]
    public void AWindowWithoutAnObservationHasNoForecast()
    {
        var context = new MLContext(seed: 1);
        LstmForecastingTransformer model = context.Forecasting.ForecastByLstm(Options(options => options.NumberOfEpochs = 1)).Fit(View(context, Sine));
        Assert.AreEqual(11, model.Model.MaximumGap);
        Assert.IsTrue(Gap(11).All(double.IsFinite));
        Assert.IsTrue(Gap(12).All(double.IsNaN));
        double[][] rows = ReadDouble(model.Transform(View(context, [.. Sine, .. Enumerable.Repeat(double.NaN, 60), Sine[0]])));
        Assert.IsTrue(rows[Rows + 10].All(double.IsFinite));
        Assert.IsTrue(rows[Rows + 11].All(double.IsNaN));
        Assert.IsTrue(rows[Rows + 60].All(double.IsFinite), "there is a new observation");

        double[] Gap(int missing) => model.Forecast([.. Sine, .. Enumerable.Repeat(double.NaN, missing)]);
    }

    [TestMethod]
    [DataRow(0, 1)]
    [DataRow(5, 6)]
    [DataRow(100, 101)]
    public void TheLargestGapIsAnOptionThatTheModelKeeps(int maximum, int tooMany)
    {
        var context = new MLContext(seed: 1);
        IDataView data = View(context, Sine);
        using var stream = new MemoryStream();
        context.Model.Save(context.Forecasting.ForecastByLstm(Options(options => (options.NumberOfEpochs, options.MaximumGap) = (1, maximum))).Fit(data), data.Schema, stream);
        stream.Position = 0;
        var model = (LstmForecastingTransformer)new MLContext().Model.Load(stream, out _);
        Assert.AreEqual(maximum, model.Model.MaximumGap);
        Assert.IsTrue(model.Forecast([.. Sine, .. Enumerable.Repeat(double.NaN, maximum)]).All(double.IsFinite));
        Assert.IsTrue(model.Forecast([.. Sine, .. Enumerable.Repeat(double.NaN, tooMany)]).All(double.IsNaN));
    }

    [TestMethod]
    public void TrainingLeavesOutWindowsWhoseLastObservationIsTooOld()
    {
        double[] values = [.. Sine];
        values.AsSpan(100, 20).Fill(double.NaN);
        var context = new MLContext(seed: 1);
        int Windows(int? gap) => context.Forecasting.ForecastByLstm(Options(options => (options.NumberOfEpochs, options.ValidationFraction, options.MaximumGap) = (1, 0, gap)))
            .Fit(View(context, values)).Training.TrainingSequences;
        // Origins 99 to 119 - 3 have no target in the gap; 117, 118 and 119 have: their last observation is 18, 19 and 20 rows old.
        Assert.AreEqual(Windows(100) - 3, Windows(null));
        Assert.AreEqual(Windows(100) - 2, Windows(18));
    }

    private static double[] MakeSine()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Rows).Select(row => 20 + (5 * Math.Sin(2 * Math.PI * row / 12)) + (0.3 * Normal(random)))];
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double[] Faulty()
    {
        double[] values = [.. Sine];
        (values[57], values[130]) = (-9999, -9999);
        return values;
    }

    private static LstmForecastingTrainer.Options Options(Action<LstmForecastingTrainer.Options>? change = null) => Forecasts.Options(options =>
    {
        options.HiddenSize = 12;
        change?.Invoke(options);
    });

    private static IDataView View(MLContext context, IEnumerable<double> values) => context.Data.LoadFromEnumerable(values.Select(value => new DoubleRow { Value = value }).ToArray());

    /// <summary>The error on the held-out rows, through the catalog's own evaluation.</summary>
    private static double Rmse(double[] values) => Rmse(values, out _);

    private static double Rmse(double[] values, out List<string> warnings, Action<LstmForecastingTrainer.Options>? change = null)
    {
        MLContext context = Listening(out warnings);
        LstmForecastingTransformer model = context.Forecasting.ForecastByLstm(Options(options =>
        {
            options.NumberOfEpochs = 40;
            options.LearningRate = 5e-3f;
            change?.Invoke(options);
        })).Fit(View(context, values[..Cut]));
        return context.Forecasting.Evaluate(model.Transform(View(context, values)), "Value", "Forecast", Cut, season: 12).Model.Rmse;
    }

    private static string Warning(float[] values)
    {
        MLContext context = Listening(out List<string> warnings);
        context.Forecasting.ForecastByLstm(Options(options => options.NumberOfEpochs = 1)).Fit(Forecasts.View(context, values));
        return warnings.Single();
    }

    private static List<string> Warnings(double[] values, Action<LstmForecastingTrainer.Options>? change = null)
    {
        MLContext context = Listening(out List<string> warnings);
        context.Forecasting.ForecastByLstm(Options(options =>
        {
            options.NumberOfEpochs = 1;
            change?.Invoke(options);
        })).Fit(View(context, values));
        return warnings;
    }

    private static List<string> Warm(MLContext context, LstmForecastingTransformer model, double[] values, Action<LstmForecastingTrainer.Options>? change = null)
    {
        var warnings = new List<string>();
        context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning && !message.RawMessage.StartsWith("Repeating ", StringComparison.Ordinal)) warnings.Add(message.RawMessage);
        };
        context.Forecasting.ForecastByLstm(Options(options =>
        {
            options.NumberOfEpochs = 1;
            change?.Invoke(options);
        })).Fit(View(context, values), null, model.Model);
        return warnings;
    }

    private static MLContext Listening(out List<string> warnings)
    {
        var found = new List<string>();
        var context = new MLContext(seed: 1);
        context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning && !message.RawMessage.StartsWith("Repeating ", StringComparison.Ordinal)) found.Add(message.RawMessage);
        };
        warnings = found;
        return context;
    }

    private static double[][] ReadDouble(IDataView scored) => [.. scored.GetColumn<double[]>("Forecast")];

    private sealed class DoubleRow
    {
        public double Value { get; set; }
    }

    private sealed class DoubleForecast
    {
        public double[] Forecast { get; set; } = [];
    }
}
