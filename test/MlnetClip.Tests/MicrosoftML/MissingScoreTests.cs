using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Tests.MicrosoftML;

/// <summary>Microsoft.ML's evaluators skip rows without a score. docs/classification.md says so, and our own evaluation of forecasts counts them.</summary>
[TestClass]
public sealed class MissingScoreTests
{
    private readonly MLContext _context = new(seed: 1);

    private sealed class Number
    {
        public float Label { get; set; }

        public float Score { get; set; }
    }

    private sealed class Binary
    {
        public bool Label { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }

        public bool PredictedLabel { get; set; }
    }

    private sealed class Multiclass
    {
        public float Label { get; set; }

        [VectorType(2)]
        public float[] Score { get; set; } = [];

        [KeyType(2)]
        public uint PredictedLabel { get; set; }
    }

    [TestMethod]
    public void ARegressionWithoutAScoreLooksPerfect()
    {
        Number[] rows = [new() { Label = 1, Score = 1 }, new() { Label = 5, Score = float.NaN }];

        Assert.AreEqual(0, _context.Regression.Evaluate(_context.Data.LoadFromEnumerable(rows)).RootMeanSquaredError);
        Assert.AreEqual(0, _context.Regression.Evaluate(_context.Data.LoadFromEnumerable(rows[1..])).RootMeanSquaredError);
    }

    [TestMethod]
    public void ABinaryRowWithoutAScoreIsSkipped()
    {
        Binary[] rows =
        [
            new() { Label = true, Score = 2, Probability = 0.9f, PredictedLabel = true },
            new() { Label = false, Score = -2, Probability = 0.1f },
            new() { Label = true, Score = float.NaN, Probability = float.NaN },
        ];

        Assert.AreEqual(1, _context.BinaryClassification.Evaluate(_context.Data.LoadFromEnumerable(rows)).Accuracy);
    }

    [TestMethod]
    public void AMulticlassRowWithoutAScoreIsSkipped()
    {
        Multiclass[] rows =
        [
            new() { Label = 0, Score = [0.9f, 0.1f], PredictedLabel = 1 },
            new() { Label = 1, Score = [0.1f, 0.9f], PredictedLabel = 2 },
            new() { Label = 1, Score = [float.NaN, float.NaN], PredictedLabel = 0 },
        ];

        Assert.AreEqual(1, _context.MulticlassClassification.Evaluate(_context.Data.LoadFromEnumerable(rows)).MicroAccuracy);
    }
}
