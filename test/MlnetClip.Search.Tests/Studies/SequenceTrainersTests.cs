using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Data;
using MlnetClip.Search.TestWorker;

namespace MlnetClip.Search.Tests.Studies;

/// <summary>A study finds the clipping of every trainer over sequences, by its own validation loss or by a metric of Microsoft.ML.</summary>
[TestClass]
public sealed class SequenceTrainersTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [TestMethod]
    [DataRow("regression")]
    [DataRow("binary")]
    [DataRow("multiclass")]
    [DataRow("labeling")]
    public void EveryTrainerCanBeStudied(string task)
    {
        ClippingStudyResult result = FrontStudy.Create(
            _mlContext, options => options with { Pipeline = clipping => Trainer(task, clipping), Budget = new() { MaxModelToExplore = 8 } }).Run(Data(120));
        Assert.HasCount(8, result.Trials);
        Assert.IsNotNull(result.Unclipped);
        Assert.IsNotEmpty(result.Curve);
    }

    [TestMethod]
    public void AMetricOfTheStepsDecides()
    {
        ClippingStudyResult result = FrontStudy.Create(_mlContext, options => options with
        {
            Pipeline = clipping => Trainer("labeling", clipping),
            Metric = scored => 1 - _mlContext.MulticlassClassification.EvaluateSteps(scored).MicroAccuracy,
            Budget = new() { MaxModelToExplore = 8 },
        }).Run(Data(120), Data(60));
        Assert.HasCount(8, result.Trials);
        Assert.IsNotEmpty(result.Curve);
    }

    [TestMethod]
    public void AMetricOfMicrosoftsEvaluatorsDecides()
    {
        ClippingStudyResult result = FrontStudy.Create(_mlContext, options => options with
        {
            Pipeline = clipping => Trainer("binary", clipping),
            Metric = scored => 1 - _mlContext.BinaryClassification.Evaluate(scored, nameof(Wave.IsHigh)).AreaUnderRocCurve,
            Budget = new() { MaxModelToExplore = 8 },
        }).Run(Data(120), Data(60));
        Assert.HasCount(8, result.Trials);
        Assert.IsNotEmpty(result.Curve);
    }

    /// <summary>Each name gives what Microsoft.ML's evaluator gives, turned so that lower is better.</summary>
    [TestMethod]
    [DataRow("regression", nameof(Wave.Mean), typeof(RegressionMetrics), "RSquared")]
    [DataRow("binary", nameof(Wave.IsHigh), typeof(CalibratedBinaryClassificationMetrics), "Accuracy,AreaUnderRocCurve,AreaUnderPrecisionRecallCurve,F1Score,PositivePrecision,PositiveRecall,NegativePrecision,NegativeRecall,LogLossReduction")]
    [DataRow("multiclass", "Label", typeof(MulticlassClassificationMetrics), "MicroAccuracy,MacroAccuracy,LogLossReduction")]
    [DataRow("labeling", "Label", typeof(SequenceLabelingMetrics), "MicroAccuracy,MacroAccuracy")]
    public void MetricsHaveMicrosoftsNamesAndValues(string task, string label, Type metrics, string higherIsBetter)
    {
        IDataView scored = Trainer(task, GradientClipping.None).Fit(Data(120)).Transform(Data(61));
        object expected = task switch
        {
            "regression" => _mlContext.Regression.Evaluate(scored, label),
            "binary" => _mlContext.BinaryClassification.Evaluate(scored, label),
            "labeling" => _mlContext.MulticlassClassification.EvaluateSteps(scored, label),
            _ => _mlContext.MulticlassClassification.Evaluate(scored, label),
        };
        int tried = 0;
        foreach (string name in StudyMetrics.Names)
        {
            Func<IDataView, double> metric = StudyMetrics.ByName(_mlContext, name.ToUpperInvariant(), label);
            if (metrics.GetProperty(name) is not { } property)
            {
                Assert.Contains($"The metric must be a metric of label column '{label}'", Assert.ThrowsExactly<ArgumentException>(() => metric(scored)).Message);
                continue;
            }

            double value = (double)property.GetValue(expected)!;
            Assert.AreEqual(higherIsBetter.Split(',').Contains(name) ? 1 - value : value, metric(scored), 1e-12, name);
            tried++;
        }

        Assert.IsGreaterThanOrEqualTo(3, tried);
        Assert.Contains("did you mean 'MacroAccuracy'?", Assert.ThrowsExactly<ArgumentException>(() => StudyMetrics.ByName(_mlContext, "MacroAcuracy")).Message);
    }

    private IEstimator<ITransformer> Trainer(string task, GradientClipping clipping)
    {
        TOptions Small<TOptions>(string label)
            where TOptions : LstmSequenceTrainerOptions, new() => new()
            {
                LabelColumnName = label, HiddenSize = 4, NumberOfEpochs = 3, LearningRate = 0.05f, BatchSize = 16, ValidationFraction = 0.25, Clipping = clipping,
            };
        return task switch
        {
            "regression" => _mlContext.Regression.Trainers.Lstm(Small<LstmRegressionTrainer.Options>(nameof(Wave.Mean))),
            "binary" => _mlContext.BinaryClassification.Trainers.Lstm(Small<LstmBinaryTrainer.Options>(nameof(Wave.IsHigh))),
            "labeling" => _mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Wave.Levels))
                .Append(_mlContext.MulticlassClassification.Trainers.LstmLabeling(Small<LstmLabelingTrainer.Options>("Label"))),
            _ => _mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Wave.IsHigh))
                .Append(_mlContext.MulticlassClassification.Trainers.Lstm(Small<LstmMulticlassTrainer.Options>("Label"))),
        };
    }

    private IDataView Data(int rows)
    {
        var random = new SeededRandom((ulong)rows);
        return _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(_ =>
        {
            float[] features = [.. Enumerable.Range(0, 5).Select(_ => random.NextSingle())];
            return new Wave { Features = features, Mean = features.Average(), IsHigh = features.Average() > 0.5f, Levels = [.. features.Select(value => value > 0.5f ? "high" : "low")] };
        }).ToArray());
    }

    private sealed class Wave
    {
        [VectorType(5)]
        public float[] Features { get; set; } = [];

        [VectorType(5)]
        public string[] Levels { get; set; } = [];

        public float Mean { get; set; }

        public bool IsHigh { get; set; }
    }
}
