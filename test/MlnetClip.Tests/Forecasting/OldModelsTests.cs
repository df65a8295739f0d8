using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Forecasting;

/// <summary>
/// Model files that version 0.1 saved, with the forecasts that it made of them. They are never written again:
/// every later version loads them and gives the same forecasts.
/// </summary>
[TestClass]
public sealed class OldModelsTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "test", "MlnetClip.Tests", "Assets", "v0.1");

    [TestMethod]
    [DataRow("chained-rules", "norm:1+value:0.5", "adam", SeriesScaling.RelativeToLast)]
    [DataRow("autoclip", "autoclip:20,history=50", "adamw", SeriesScaling.RelativeToLast)]
    [DataRow("unclipped", "none", "sgd:momentum=0.9", SeriesScaling.RelativeToLast)]
    [DataRow("standardized-chain", "zclip:2.5,warmup=10", "adam", SeriesScaling.Standardize)]
    [DataRow("unscaled-chain", "agc:0.02", "adam", SeriesScaling.None)]
    public void AModelOfVersion01GivesTheForecastsItGaveThen(string name, string clipping, string optimizer, SeriesScaling scaling)
    {
        var context = new MLContext();
        ITransformer loaded = context.Model.Load(Path.Combine(Folder, $"{name}.zip"), out _);
        LstmForecastingTransformer forecaster = loaded as LstmForecastingTransformer
            ?? ((IEnumerable<ITransformer>)loaded).OfType<LstmForecastingTransformer>().Single();
        Assert.AreEqual(
            (clipping, optimizer, "0.1.0", scaling),
            (forecaster.Training.Clipping, forecaster.Training.Options["Optimizer"], forecaster.Training.LibraryVersion, forecaster.Model.Scaling));
        Assert.IsGreaterThan(0, forecaster.Training.ClippingSummary.Steps);
        Assert.AreEqual(StopReason.Completed, forecaster.Training.StopReason);
        Assert.IsEmpty(forecaster.Training.History);
        Assert.IsEmpty(forecaster.Training.ClippingSummary.StepsInForce); // version 0.1 did not count them
        Assert.IsTrue(double.IsNaN(forecaster.Training.ClippingSummary.NormMeanAfter));
        Assert.IsNotEmpty(forecaster.Training.ClippingSummary.Verdicts[0].ToString());

        float[][] found = Forecasts.Read(loaded.Transform(Co2(context)));
        string[] lines = File.ReadAllLines(Path.Combine(Folder, $"{name}.csv"));
        Assert.HasCount(1 + (10 * forecaster.Model.Horizon), lines);
        foreach (string line in lines[1..])
        {
            string[] fields = line.Split(',');
            float expected = float.Parse(fields[3], CultureInfo.InvariantCulture);
            float forecast = found[int.Parse(fields[0], CultureInfo.InvariantCulture)][int.Parse(fields[2], CultureInfo.InvariantCulture) - 1];
            Assert.AreEqual(expected, forecast, 1e-5f * MathF.Abs(expected), line);
        }
    }

    /// <summary>The series under both names that the models know it by.</summary>
    private static IDataView Co2(MLContext context) => context.Data.LoadFromTextFile(Path.Combine(Folder, "co2.csv"), new TextLoader.Options
    {
        Separators = [','], HasHeader = true, MissingRealsAsNaNs = true,
        Columns = [new("Co2", DataKind.Single, 1), new("co2", DataKind.Single, 1)],
    });
}
