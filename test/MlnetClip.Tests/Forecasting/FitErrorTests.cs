using Microsoft.ML;

namespace MlnetClip.Tests.Forecasting;

/// <summary>What cannot be learned from is refused with what, where, what is legal, what was found and what helps.</summary>
[TestClass]
public sealed class FitErrorTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void AMissingColumn() => Assert.Contains(
        "Could not find input column 'Price'",
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Forecasts.Fit(_context, options => options.InputColumnName = "Price")).Message);

    [TestMethod]
    public void AColumnOfAnotherType()
    {
        string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Forecasts.Fit(_context, options => options.InputColumnName = "Number")).Message;
        Assert.Contains("Schema mismatch for input column 'Number': expected Single or Double, got Int32", message);
        Assert.Contains("Hint: append Transforms.Conversion.ConvertType(\"Number\"", message);
    }

    [TestMethod]
    public void AWindowLongerThanTheData()
    {
        string message = Refused(Forecasts.Wave(40), options => options.WindowSize = 50);
        Assert.Contains("Column 'Value' must have at least WindowSize + Horizon = 50 + 3 = 53 training rows after its first value, but has 36 (of 40 rows, 4 are for validation", message);
        Assert.Contains("Hint: use a smaller WindowSize or Horizon", message);
    }

    [TestMethod]
    public void AWindowLongerThanAnyData() =>
        Assert.Contains("= 2147483647 + 3 = 2147483650 training rows", Refused(Forecasts.Wave(40), options => options.WindowSize = int.MaxValue));

    [TestMethod]
    public void RowsBeforeTheFirstValueDoNotCount()
    {
        float[] values = [.. Enumerable.Repeat(float.NaN, 30), .. Forecasts.Wave(14)];
        Assert.Contains("but has 14 (of 44 rows, 0 are for validation and 30 come before the first value)", Refused(values, options => options.ValidationFraction = 0));
        Forecasts.Fit(_context, options => options.ValidationFraction = 0, [.. values, 1]);
    }

    [TestMethod]
    public void NoRows() => Assert.Contains("all 0 training rows are missing", Refused([]));

    [TestMethod]
    public void NoValues() => Assert.Contains(
        "Column 'Value' must have values, but all 45 training rows are missing", Refused([.. Enumerable.Repeat(float.NaN, 50)]));

    [TestMethod]
    [DataRow(SeriesScaling.RelativeToLast)]
    [DataRow(SeriesScaling.Standardize)]
    [DataRow(SeriesScaling.None)]
    [DataRow(SeriesScaling.Robust)]
    public void AConstantSeries(SeriesScaling scaling)
    {
        float[] values = [.. Enumerable.Repeat(7.5f, 50)];
        values[20] = float.NaN;
        Assert.Contains(
            "Column 'Value' must vary, but all its values in the training rows are 7.5.", Refused(values, options => options.Scaling = scaling));
    }

    [TestMethod]
    [DataRow(float.PositiveInfinity, "infinity")]
    [DataRow(float.NegativeInfinity, "-infinity")]
    public void AnInfiniteValue(float value, string name)
    {
        float[] values = Forecasts.Wave(50);
        values[31] = value;
        Assert.Contains($"Column 'Value' must hold finite numbers or NaN for missing ones, but row 31 (from 0) is {name}.", Refused(values));
    }

    [TestMethod]
    public void ValidationRowsWithoutValues()
    {
        float[] values = Forecasts.Wave(50);
        values.AsSpan(40).Fill(float.NaN);
        string message = Refused(values, options => options.ValidationFraction = 0.2);
        Assert.Contains("must have a value in the validation rows 40 to 49, but all are missing", message);
        Assert.Contains("Hint: set ValidationFraction to 0", message);
    }

    [TestMethod]
    public void AValidationSetWithoutTheColumn()
    {
        var other = _context.Data.LoadFromEnumerable([new { Other = 1f }]);
        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.Forecasting.ForecastByLstm(Forecasts.Options()).Fit(Forecasts.View(_context, Forecasts.Wave(50)), other));
        Assert.Contains("Could not find input column 'Value'", exception.Message);
    }

    [TestMethod]
    public void AWarmStartOfAnotherSize()
    {
        var start = Forecasts.Fit(_context).Model;
        var exception = Assert.ThrowsExactly<ArgumentException>(() => _context.Forecasting
            .ForecastByLstm(Forecasts.Options(options => (options.HiddenSize, options.WindowSize) = (7, 9)))
            .Fit(Forecasts.View(_context, Forecasts.Wave(100)), null, start));
        Assert.Contains("HiddenSize must be 6 as in the starting model, but was 7", exception.Message);
        Assert.Contains("WindowSize must be 12 as in the starting model, but was 9", exception.Message);
    }

    private string Refused(float[] values, Action<LstmForecastingTrainer.Options>? change = null) =>
        Assert.ThrowsExactly<InvalidDataException>(() => Forecasts.Fit(_context, change, values)).Message;
}
