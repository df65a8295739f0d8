using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Transforms;

/// <summary>The code on the page docs/sequences.md, and that the page has no other.</summary>
[TestClass]
public sealed partial class DocumentationTests
{
    private sealed class Trip
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class TripPrediction
    {
        public float[] Score { get; set; } = [];
    }

    [TestMethod]
    public void TheCodeOnThePageRuns()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = Ride.View(mlContext, Enumerable.Range(0, 10).SelectMany(copy => Ride.Rows().Select(row =>
        {
            row.Id += copy;
            return row;
        })));
        var sequences = mlContext.Transforms.Conversion.MapValueToKey("Label", "Mode")
            .Append(mlContext.Transforms.ToSequences("Features", groupColumnName: "Id", featureColumnNames: ["Speed", "Place"], labelColumnName: "Label"))
            .Append(mlContext.MulticlassClassification.Trainers.Lstm(featuresPerStep: 3));
        var model = sequences.Fit(data);
        Assert.HasCount(30, model.Transform(data).GetColumn<float[]>("Score").ToArray());

        var sorted = mlContext.Transforms.ToSequences(new ToSequencesEstimator.Options
        {
            GroupColumnName = "Id", FeatureColumnNames = ["Speed"], OrderColumnName = "Time", LabelColumnName = "Mode", Grouping = RowGrouping.AnyOrder,
        });
        Assert.HasCount(30, sorted.Fit(data).Transform(data).GetColumn<string>("Mode").ToArray());

        var windows = mlContext.Transforms.ToWindows("Features", featureColumnNames: ["Speed"], windowSize: 4, stride: 2, labelColumnName: "Speed")
            .Append(mlContext.Regression.Trainers.Lstm("Speed"));
        Assert.HasCount(38, windows.Fit(data).Transform(data).GetColumn<float>("Score").ToArray());

        using var engine = mlContext.Model.CreatePredictionEngine<Trip, TripPrediction>(model.LastTransformer);
        var prediction = engine.Predict(new Trip { Features = [10, 110, 210, 11, 111, 211] });
        Assert.AreEqual(1, prediction.Score.Sum(), 1e-5);

        var large = mlContext.BinaryClassification.Trainers.Lstm(new LstmBinaryTrainer.Options { FeaturesPerStep = 2, BatchSize = 512, ShuffleBufferSize = 100_000 });
        Assert.IsFalse(large.Info.WantCaching);
    }

    [TestMethod]
    public void EveryLineOfCodeOnThePageIsInTheTestAbove()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "sequences.md")).ReplaceLineEndings("\n");
        HashSet<string> tested = [.. File.ReadLines(Path.Combine(RepositoryFiles.Root, "test", "MlnetClip.Tests", "Transforms", "DocumentationTests.cs")).Select(line => line.Trim())];
        string[] code = [.. Blocks().Matches(page).SelectMany(block => block.Groups[1].Value.Split('\n')).Select(line => line.Trim()).Where(line => line.Length > 0)];
        Assert.IsGreaterThan(10, code.Length);
        foreach (string line in code) Assert.Contains(line, tested);
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
