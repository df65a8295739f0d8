using Microsoft.ML;

namespace MlnetClip.Tests.Forecasting;

/// <summary>
/// A forecaster over rows has no ONNX form. Exporting one must fail: Microsoft.ML's converter leaves out steps that it cannot
/// export, and makes their columns inputs of the model.
/// </summary>
[TestClass]
public sealed class OnnxTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly IDataView _data;

    public OnnxTests() => _data = Forecasts.View(_context, Forecasts.Wave(100));

    [TestMethod]
    public void AChainThatEndsWithAForecasterIsNotExported() =>
        NothingIsWritten(_context.Transforms.NormalizeMinMax("Series", "Value").Append(Forecaster("Series")).Fit(_data), "Series");

    [TestMethod]
    public void AChainThatUsesForecastsIsNotExported() =>
        NothingIsWritten(Forecaster("Value").Append(_context.Transforms.CopyColumns("Copy", "Forecast")).Fit(_data), "Value");

    [TestMethod]
    public void AForecasterAloneIsNotExported() => NothingIsWritten(Forecaster("Value").Fit(_data), "Value");

    [TestMethod]
    public void TheStepsBeforeAForecasterAreExported()
    {
        using var stream = new MemoryStream();
        _context.Model.ConvertToOnnx(_context.Transforms.NormalizeMinMax("Series", "Value").Fit(_data), _data, stream);
        Assert.IsGreaterThan(0, stream.Length);
    }

    private LstmForecastingTrainer Forecaster(string column) =>
        _context.Forecasting.ForecastByLstm(Forecasts.Options(options => options.InputColumnName = column));

    private void NothingIsWritten(ITransformer model, string column)
    {
        using var stream = new MemoryStream();
        string message = Assert.ThrowsExactly<NotSupportedException>(() => _context.Model.ConvertToOnnx(model, _data, stream)).Message;
        Assert.StartsWith(
            $"The forecaster of column '{column}' cannot be part of an ONNX model: a forecast depends on several rows, namely the 12 rows up to it.", message);
        Assert.Contains("Hint: 'mlnetclip export', or in C# MLContext.Model.ExportToOnnx of the package MlnetClip.Onnx,", message);
        Assert.AreEqual(0, stream.Length);
    }
}
