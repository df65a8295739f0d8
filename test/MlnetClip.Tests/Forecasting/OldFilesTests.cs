using Microsoft.ML;
using MlnetClip.Forecasting;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Forecasting;

/// <summary>Entries that earlier versions wrote, one per format version; they are never written again.</summary>
[TestClass]
public sealed class OldFilesTests
{
    [TestMethod]
    public void Version1IsStillRead()
    {
        using var entry = File.OpenRead(Path.Combine(RepositoryFiles.Root, "test", "MlnetClip.Tests", "Assets", "forecaster-1.bin"));
        var model = ForecastModelFormat.Read(entry, new MLContext());
        Assert.AreEqual(("Value", "Forecast", 12, 3, 3, 2), (
            model.InputColumnName, model.OutputColumnName, model.Model.WindowSize, model.Model.Horizon, model.Model.HiddenSize, model.Model.NumberOfLayers));
        Assert.AreEqual((100, 10, 1, false, "norm:1", 2), (
            model.Training.Rows, model.Training.ValidationRows, model.Training.Seed, model.Training.SeedWasDrawn, model.Training.Clipping, model.Training.Epochs));
        Assert.AreEqual("adam", model.Training.Options["Optimizer"]);
        Assert.AreEqual(10, model.Training.ClippingSummary.Steps);
        float[] forecast = model.Forecast(Forecasts.Wave(40));
        float[] expected = [103.35114f, 102.42327f, 103.06077f];
        for (int h = 0; h < 3; h++) Assert.AreEqual(expected[h], forecast[h], 1e-3f);
    }
}
