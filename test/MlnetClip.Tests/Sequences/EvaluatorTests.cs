using Microsoft.ML;

namespace MlnetClip.Tests.Sequences;

/// <summary>Microsoft.ML's evaluators read our columns as they read those of its own trainers: their metrics are those worked out by hand from the scores.</summary>
[TestClass]
public sealed class EvaluatorTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Regression()
    {
        IDataView scored = Pulse.Regression(_context, options => options.NumberOfEpochs = 3).Fit(Pulse.View(_context)).Transform(Pulse.View(_context, 80, seed: 3));
        var metrics = _context.Regression.Evaluate(scored, "Value");
        float[] scores = Pulse.Column<float>(scored, "Score"), labels = Pulse.Column<float>(scored, "Value");
        double[] errors = [.. scores.Zip(labels, (score, label) => (double)score - label)];
        double mean = labels.Average(), spread = labels.Average(label => (label - mean) * (label - mean));
        Assert.AreEqual(errors.Average(Math.Abs), metrics.MeanAbsoluteError, 1e-6);
        Assert.AreEqual(Math.Sqrt(errors.Average(error => error * error)), metrics.RootMeanSquaredError, 1e-6);
        Assert.AreEqual(1 - (errors.Average(error => error * error) / spread), metrics.RSquared, 1e-9);
    }

    [TestMethod]
    public void Binary()
    {
        IDataView scored = Pulse.Binary(_context, options => options.NumberOfEpochs = 3).Fit(Pulse.View(_context)).Transform(Pulse.View(_context, 80, seed: 3));
        var metrics = _context.BinaryClassification.Evaluate(scored, "IsLate");
        float[] probabilities = Pulse.Column<float>(scored, "Probability"), scores = Pulse.Column<float>(scored, "Score");
        bool[] labels = Pulse.Column<bool>(scored, "IsLate"), predicted = Pulse.Column<bool>(scored, "PredictedLabel");
        Assert.AreEqual(labels.Zip(predicted).Count(row => row.First == row.Second) / 80.0, metrics.Accuracy, 1e-12);
        Assert.AreEqual(labels.Zip(probabilities, (label, p) => -Math.Log2(label ? p : 1 - (double)p)).Average(), metrics.LogLoss, 1e-6);

        // The area under the ROC curve: the share of pairs that the scores put in the right order.
        double right = 0, pairs = 0;
        for (int i = 0; i < 80; i++)
            for (int j = 0; j < 80; j++)
                if (labels[i] && !labels[j]) (right, pairs) = (right + (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0), pairs + 1);
        Assert.AreEqual(right / pairs, metrics.AreaUnderRocCurve, 1e-9);
    }

    [TestMethod]
    public void Multiclass()
    {
        var keys = _context.Transforms.Conversion.MapValueToKey("Label", "Kind").Fit(Pulse.View(_context));
        IDataView scored = Pulse.Multiclass(_context, options => options.NumberOfEpochs = 3).Fit(keys.Transform(Pulse.View(_context))).Transform(keys.Transform(Pulse.View(_context, 80, seed: 3)));
        var metrics = _context.MulticlassClassification.Evaluate(scored);
        float[][] scores = Pulse.Column<float[]>(scored, "Score");
        uint[] labels = Pulse.Column<uint>(scored, "Label"), predicted = Pulse.Column<uint>(scored, "PredictedLabel");
        Assert.AreEqual(labels.Zip(predicted).Count(row => row.First == row.Second) / 80.0, metrics.MicroAccuracy, 1e-12);
        Assert.AreEqual(labels.Zip(predicted).GroupBy(row => row.First).Average(group => group.Average(row => row.First == row.Second ? 1.0 : 0)), metrics.MacroAccuracy, 1e-12);
        Assert.AreEqual(labels.Zip(scores, (label, row) => -Math.Log(row[label - 1])).Average(), metrics.LogLoss, 1e-6);
    }
}
