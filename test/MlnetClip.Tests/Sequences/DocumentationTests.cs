using System.Text.RegularExpressions;
using Microsoft.ML;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Sequences;

/// <summary>The code on the page docs/classification.md, and that the page has no other.</summary>
[TestClass]
public sealed partial class DocumentationTests
{
    private sealed class Sentence
    {
        public string Text { get; set; } = "";

        public bool Label { get; set; }
    }

    [TestMethod]
    public void TheCodeOnThePageRuns()
    {
        var mlContext = new MLContext(seed: 1);
        var split = mlContext.Data.TrainTestSplit(Pulse.View(mlContext), testFraction: 0.2);

        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(mlContext.MulticlassClassification.Trainers.Lstm(featuresPerStep: 2, clipping: GradientClipping.ByGlobalNorm(1)))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var model = pipeline.Fit(split.TrainSet);
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
        Assert.IsGreaterThan(0.5, metrics.MicroAccuracy);

        var labelingPipeline = mlContext.Transforms.Conversion.MapValueToKey("StepLabels", "Phases")
            .Append(mlContext.MulticlassClassification.Trainers.LstmLabeling("StepLabels", featuresPerStep: 2));
        var stepMetrics = mlContext.MulticlassClassification.EvaluateSteps(labelingPipeline.Fit(split.TrainSet).Transform(split.TestSet), "StepLabels");
        Assert.IsGreaterThan(0.7, stepMetrics.MicroAccuracy);

        var textPipeline = mlContext.Transforms.Text.TokenizeIntoWords("Words", "Text")
            .Append(mlContext.Transforms.Conversion.MapValueToKey("Features", "Words"))
            .Append(mlContext.BinaryClassification.Trainers.Lstm());
        IDataView texts = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Sentence { Text = i % 2 == 0 ? "a good one" : "bad", Label = i % 2 == 0 }).ToArray());
        Assert.AreEqual(1, mlContext.BinaryClassification.Evaluate(textPipeline.Fit(texts).Transform(texts)).Accuracy);

        IDataView keyed = Pulse.Keyed(mlContext, 60);
        var trainer = mlContext.MulticlassClassification.Trainers.Lstm(new LstmMulticlassTrainer.Options
        {
            FeaturesPerStep = 2, Cell = RecurrentCell.Gru, Bidirectional = true, NumberOfLayers = 2, HiddenSize = 64, Pooling = Pooling.Mean,
            LayerNormalization = true, Dropout = 0.2f, RecurrentDropout = 0.2f, ClassWeights = ClassWeights.Balanced,
            LearningRateSchedule = Schedule.CosineToEnd(), EarlyStopping = new EarlyStopping(patience: 5), Clipping = GradientClipping.ByGlobalNorm(1),
        });
        var warm = trainer.Fit(keyed, null, trainer.Fit(keyed).Model);
        Assert.IsTrue(warm.Training.WarmStart);
    }

    [TestMethod]
    public void EveryLineOfCodeOnThePageIsInTheTestAbove()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "classification.md")).ReplaceLineEndings("\n");
        HashSet<string> tested = [.. File.ReadLines(Path.Combine(RepositoryFiles.Root, "test", "MlnetClip.Tests", "Sequences", "DocumentationTests.cs")).Select(line => line.Trim())];
        string[] code = [.. Blocks().Matches(page).SelectMany(block => block.Groups[1].Value.Split('\n')).Select(line => line.Trim()).Where(line => line.Length > 0)];
        Assert.IsGreaterThan(10, code.Length);
        foreach (string line in code) Assert.Contains(line, tested);
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
