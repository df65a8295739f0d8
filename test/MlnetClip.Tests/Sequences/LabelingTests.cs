using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Sequences;

/// <summary>A class for every time step: what is learned, put out and evaluated, and that steps without a label never count.</summary>
[TestClass]
public sealed class LabelingTests
{
    private readonly MLContext _context = new(seed: 1);

    /// <summary>A walk of any length: each step is up or down, and its label says whether the walk is above its start, which no single step tells.</summary>
    private sealed class Walk
    {
        public float[] Features { get; set; } = [];

        public string[] Labels { get; set; } = [];

        public float Weight { get; set; } = 1;
    }

    private sealed class Labeled
    {
        public string[] Labels { get; set; } = [];

        public string[] PredictedLabel { get; set; } = [];

        public float[] Score { get; set; } = [];
    }

    [TestMethod]
    public void SequencesOfAnyLengthAreLabeledStepByStep()
    {
        var (model, test) = FitWalks();
        IDataView scored = model.Transform(test);
        Assert.AreSequenceEqual(new[] { 0, 2 }, ((VectorDataViewType)scored.Schema["Score"].Type).Dimensions.ToArray(), "0 for a number that varies");
        var metrics = Evaluate(scored);
        Assert.IsGreaterThan(0.9, metrics.MicroAccuracy, $"{metrics}");
        foreach (Labeled row in _context.Data.CreateEnumerable<Labeled>(scored, reuseRowObject: false))
        {
            Assert.AreEqual((row.Labels.Length, 2 * row.Labels.Length), (row.PredictedLabel.Length, row.Score.Length));
            for (int t = 0; t < row.Labels.Length; t++)
            {
                Assert.AreEqual(1, row.Score[2 * t] + row.Score[(2 * t) + 1], 1e-5);
                Assert.AreEqual(row.Score[2 * t] >= row.Score[(2 * t) + 1] ? "below" : "above", row.PredictedLabel[t]);
            }
        }
    }

    [TestMethod]
    public void MetricsAreThoseOfAllStepsWorkedOutByHand()
    {
        var (model, test) = FitWalks(epochs: 1);
        IDataView scored = model.Transform(test);
        var metrics = Evaluate(scored);
        Labeled[] rows = [.. _context.Data.CreateEnumerable<Labeled>(scored, reuseRowObject: false)];
        var steps = rows.SelectMany(row => row.Labels.Select((label, t) => (Label: label, Guess: row.PredictedLabel[t], Probability: row.Score[(2 * t) + (label == "below" ? 0 : 1)]))).ToArray();
        double Recall(string label) => steps.Count(step => step.Label == label && step.Guess == label) / (double)steps.Count(step => step.Label == label);
        Assert.AreEqual(steps.Count(step => step.Label == step.Guess) / (double)steps.Length, metrics.MicroAccuracy, 1e-12);
        Assert.AreEqual((Recall("below") + Recall("above")) / 2, metrics.MacroAccuracy, 1e-12);
        Assert.AreEqual(steps.Average(step => -Math.Log(step.Probability)), metrics.LogLoss, 1e-9);
        Assert.AreEqual(rows.Count(row => row.Labels.SequenceEqual(row.PredictedLabel)) / (double)rows.Length, metrics.SequenceAccuracy, 1e-12);
        Assert.AreEqual((steps.Length, rows.Length, 0), ((int)metrics.Steps, (int)metrics.Sequences, (int)metrics.SkippedSteps));
        Assert.AreEqual(steps.Count(step => (step.Label, step.Guess) == ("above", "below")), metrics.ConfusionMatrix.Counts[1][0], 0);
        Assert.AreEqual(Recall("above"), metrics.ConfusionMatrix.PerClassRecall[1], 1e-12);
        Assert.Contains("above", metrics.ConfusionMatrix.GetFormattedConfusionTable());
    }

    private sealed class Step
    {
        [KeyType(2)]
        public uint Label { get; set; }

        [KeyType(2)]
        public uint PredictedLabel { get; set; }

        [VectorType(2)]
        public float[] Score { get; set; } = [];
    }

    [TestMethod]
    public void MicrosoftsEvaluatorAgreesOnTheStepsOneByOne()
    {
        var (model, test) = FitWalks(epochs: 2);
        IDataView scored = model.Transform(test);
        var metrics = Evaluate(scored);
        uint[][] labels = [.. scored.GetColumn<VBuffer<uint>>("Keys").Select(keys => keys.DenseValues().ToArray())];
        float[][] scores = Pulse.Column<float[]>(scored, "Score");
        Step[] steps = [.. labels.SelectMany((row, i) => row.Select((label, t) => new Step
        {
            Label = label - 1, Score = scores[i][(2 * t)..((2 * t) + 2)], // an object's keys count from 0
            PredictedLabel = scores[i][2 * t] >= scores[i][(2 * t) + 1] ? 0u : 1u,
        }))];
        var expected = _context.MulticlassClassification.Evaluate(_context.Data.LoadFromEnumerable(steps));
        Assert.AreEqual(expected.MicroAccuracy, metrics.MicroAccuracy, 1e-12);
        Assert.AreEqual(expected.MacroAccuracy, metrics.MacroAccuracy, 1e-12);
        Assert.AreEqual(expected.LogLoss, metrics.LogLoss, 1e-9);
        for (int k = 0; k < 2; k++)
        {
            Assert.AreSequenceEqual(expected.ConfusionMatrix.Counts[k].ToArray(), metrics.ConfusionMatrix.Counts[k].ToArray());
            Assert.AreEqual(expected.ConfusionMatrix.PerClassPrecision[k], metrics.ConfusionMatrix.PerClassPrecision[k], 1e-12);
        }
    }

    [TestMethod]
    public void StepsWithoutALabelCountNeitherInTrainingNorInEvaluation()
    {
        // Every third label is unknown to the keys; the other labels alone decide loss and metrics.
        Walk[] walks = Walks(60, seed: 3), holes = Walks(60, seed: 3);
        foreach (Walk walk in holes)
            for (int t = 0; t < walk.Labels.Length; t += 3) walk.Labels[t] = "unheard-of";
        var keys = _context.Transforms.Conversion.MapValueToKey("Keys", "Labels").Fit(_context.Data.LoadFromEnumerable(walks));
        IDataView data = keys.Transform(_context.Data.LoadFromEnumerable(holes));
        var messages = new List<string>();
        _context.Log += (_, message) => messages.Add(message.RawMessage);
        var model = _context.MulticlassClassification.Trainers.LstmLabeling(Options(epochs: 1)).Fit(data, data);
        int missing = holes.Sum(walk => walk.Labels.Count(label => label == "unheard-of")), steps = holes.Sum(walk => walk.Labels.Length);
        Assert.Contains($"{2 * missing} of {2 * steps} time steps have no label in column 'Keys' (a missing key), or a weight of 0; they are not used for training.", messages);
        var metrics = _context.MulticlassClassification.EvaluateSteps(model.Transform(data), "Keys");
        Assert.AreEqual(steps - missing, metrics.Steps);

        // The loss of the validation rows is the mean over the labeled steps, and so is the metrics' log loss; padding is in neither.
        Assert.AreEqual(metrics.LogLoss, model.Training.ValidationLoss!.Value, 1e-5);
    }

    [TestMethod]
    public void WeightsOfExamplesAndClassesCount()
    {
        // Nothing to tell steps apart by, so that the probabilities are the shares of the labels, each by its weight.
        Walk[] walks = [.. Enumerable.Range(0, 80).Select(i => new Walk { Features = [1, 1, 1, 1], Labels = ["below", "below", "below", i % 2 == 0 ? "above" : "below"], Weight = i % 2 == 0 ? 3 : 1 })];
        IDataView data = _context.Transforms.Conversion.MapValueToKey("Keys", "Labels").Fit(_context.Data.LoadFromEnumerable(walks)).Transform(_context.Data.LoadFromEnumerable(walks));
        double MeanOfAbove(Action<LstmLabelingTrainer.Options> change)
        {
            LstmLabelingTrainer.Options options = Options(epochs: 60);
            options.ValidationFraction = 0;
            change(options);
            float[] scores = Pulse.Column<float[]>(_context.MulticlassClassification.Trainers.LstmLabeling(options).Fit(data).Transform(data), "Score")[0];
            return (scores[1] + scores[3] + scores[5] + scores[7]) / 4;
        }

        Assert.AreEqual(1 / 8.0, MeanOfAbove(_ => { }), 0.03);
        Assert.AreEqual(3 / 16.0, MeanOfAbove(options => options.ExampleWeightColumnName = "Weight"), 0.03);
        Assert.AreEqual(7 / 14.0 * 0.5, MeanOfAbove(options => options.ClassWeights = ClassWeights.Balanced), 0.12);
        Assert.Contains("a weight for each of the 2 classes", Assert.ThrowsExactly<ArgumentException>(() => MeanOfAbove(options => options.ClassWeights = ClassWeights.Of(1, 2, 3))).Message);
    }

    [TestMethod]
    public void ASequenceThatCannotBeReadHasNoLabels()
    {
        var (model, _) = FitWalks(epochs: 1);
        Walk[] walks = Walks(5, seed: 9);
        walks[1].Features[0] = float.NaN;
        (walks[2].Features, walks[2].Labels) = ([], []);
        IDataView scored = model.Transform(_context.Data.LoadFromEnumerable(walks));
        uint[][] keys = [.. scored.GetColumn<VBuffer<uint>>("PredictedKeys").Select(row => row.DenseValues().ToArray())];
        Assert.IsTrue(keys[1].All(key => key == 0) && keys[1].Length == walks[1].Labels.Length);
        Assert.IsEmpty(keys[2]);
        Assert.IsTrue(Pulse.Column<float[]>(scored, "Score")[1].All(float.IsNaN));
        var metrics = Evaluate(scored);
        Assert.AreEqual((walks[1].Labels.Length, 3L), ((int)metrics.SkippedSteps, metrics.Sequences));
        Assert.Contains("4 labeled steps are without a prediction", Assert.ThrowsExactly<InvalidDataException>(
            () => Evaluate(model.Transform(_context.Data.LoadFromEnumerable([new Walk { Features = [float.NaN, 1, 1, 1], Labels = ["above", "above", "above", "above"] }])))).Message);
    }

    [TestMethod]
    public void ALoadedModelLabelsTheSame()
    {
        var (model, test) = FitWalks(epochs: 2);
        using var stream = new MemoryStream();
        _context.Model.Save(model, null, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out _);
        foreach (string column in new[] { "Score", "PredictedLabel" })
            Assert.AreSequenceEqual(Texts(model.Transform(test), column), Texts(loaded.Transform(test), column));
    }

    [TestMethod]
    public void AnEngineLabelsARowAsTransformDoes()
    {
        var (model, test) = FitWalks(epochs: 2);
        string[] expected = Texts(model.Transform(test), "PredictedLabel");
        Walk[] walks = Walks(80, seed: 2);
        Parallel.For(0, 4, _ =>
        {
            using var engine = new MLContext().Model.CreatePredictionEngine<Walk, Labeled>(model);
            for (int i = 0; i < walks.Length; i++) Assert.AreEqual(expected[i], string.Join(' ', engine.Predict(walks[i]).PredictedLabel));
        });
    }

    [TestMethod]
    public void KeysAreEmbeddedAndLabeled()
    {
        IDataView raw = Pulse.View(_context, 200);
        var pipeline = _context.Transforms.Conversion.MapValueToKey("StepLabels", "Phases").Append(_context.Transforms.Conversion.MapValueToKey("Ids", "Words"))
            .Append(Pulse.Labeling(_context, options => (options.FeatureColumnName, options.FeaturesPerStep, options.EmbeddingSize) = ("Ids", 1, 3)));
        var model = pipeline.Fit(raw);
        Assert.IsGreaterThan(0.95, _context.MulticlassClassification.EvaluateSteps(model.Transform(raw), "StepLabels").SequenceAccuracy);
        Assert.AreEqual("features(0) embedding(3, 3) lstm(8) head(everystep, 3)", $"{model.LastTransformer.Model}");
    }

    [TestMethod]
    public void AWarmStartContinuesAndAnotherTaskIsRefused()
    {
        IDataView data = Pulse.Keyed(_context, 80);
        var start = Pulse.Labeling(_context).Fit(data);
        var still = Pulse.Labeling(_context, options => (options.LearningRate, options.Optimizer) = (1e-30f, Optimizer.Sgd())).Fit(data, null, start.Model);
        Assert.AreSequenceEqual(Pulse.Weights(start), Pulse.Weights(still));
        Assert.Contains(
            "must have been trained for SequenceClassification, of the same classes in the same order, but was trained for MulticlassClassification.",
            Assert.ThrowsExactly<ArgumentException>(() => Pulse.Labeling(_context).Fit(data, null, Pulse.Multiclass(_context, options => options.NumberOfEpochs = 1).Fit(data).Model)).Message);
    }

    [TestMethod]
    public void AStoppedFitGoesOnAsIfItHadNeverStopped()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("fit.checkpoint");
        IDataView data = Pulse.Keyed(_context);
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Pulse.Labeling(_context, options =>
        {
            (options.CheckpointPath, options.CancellationToken) = (path, source.Token);
            options.Observer = new StepObserver(report =>
            {
                if (report.Step == 11) source.Cancel();
            });
        }).Fit(data));
        var resumed = Pulse.Labeling(_context, options => options.CheckpointPath = path).Fit(data);
        Assert.AreSequenceEqual(Pulse.Weights(Pulse.Labeling(_context, options => options.NumberOfThreads = 2).Fit(data)), Pulse.Weights(resumed));
    }

    [TestMethod]
    public void WrongLabelsAreNamed()
    {
        IDataView data = Pulse.Keyed(_context, 20);
        string Refused<T>(string label, IDataView? rows = null, Action<LstmLabelingTrainer.Options>? change = null)
            where T : Exception => Assert.ThrowsExactly<T>(() => Pulse.Labeling(_context, options =>
            {
                options.LabelColumnName = label;
                change?.Invoke(options);
            }).Fit(rows ?? data)).Message;
        string message = Refused<ArgumentOutOfRangeException>("Label");
        Assert.Contains("Schema mismatch for label column 'Label': expected Vector<Key<UInt32>> or VarVector<Key<UInt32>>, got Key<UInt32>", message);
        Assert.Contains("a vector with a label for each time step", message);
        Assert.Contains("MapValueToKey(\"Phases\")", Refused<ArgumentOutOfRangeException>("Phases"));
        Assert.Contains("Could not find label column 'Nothing'", Refused<ArgumentOutOfRangeException>("Nothing"));
        Assert.Contains("must hold a label for each time step, but row 0 (from 0) has 6 for 12.", Refused<InvalidDataException>("StepLabels", change: options => options.FeaturesPerStep = 1));
        Assert.Contains("StepLabels' must have at least two classes, but all", Refused<InvalidDataException>("StepLabels", _context.Transforms.Conversion.MapValueToKey("StepLabels", "Phases")
            .Fit(data).Transform(_context.Data.LoadFromEnumerable(Pulse.Rows(30).Select(row =>
            {
                row.Phases = ["before", "before", "before", "before", "before", "before"];
                return row;
            })))));
        Assert.Contains("Label column 'StepLabels' must have a label in some training row, but is missing in all", Refused<InvalidDataException>("StepLabels", _context.Transforms.Conversion.MapValueToKey("StepLabels", "Phases")
            .Fit(data).Transform(_context.Data.LoadFromEnumerable(Pulse.Rows(30).Select(row =>
            {
                row.Phases = ["?", "?", "?", "?", "?", "?"];
                return row;
            })))));
    }

    [TestMethod]
    public void AnEvaluationNeedsTheModelsKeys()
    {
        IDataView data = Pulse.Keyed(_context, 40), scored = Pulse.Labeling(_context, options => options.NumberOfEpochs = 1).Fit(data).Transform(data);
        Walk[] others = [new() { Features = [0], Labels = ["pulse", "after", "before"] }];
        IDataView otherKeys = _context.Transforms.Conversion.MapValueToKey("StepLabels", "Labels").Fit(_context.Data.LoadFromEnumerable(others))
            .Transform(_context.Transforms.CopyColumns("Labels", "Phases").Fit(scored).Transform(scored));
        Assert.Contains("The keys of label column 'StepLabels' must be those of 'PredictedLabel'", Assert.ThrowsExactly<InvalidDataException>(() => _context.MulticlassClassification.EvaluateSteps(otherKeys, "StepLabels")).Message);
        Assert.Contains("Could not find label column 'StepLabel'", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.MulticlassClassification.EvaluateSteps(scored, "StepLabel")).Message);
        IDataView many = _context.Transforms.Conversion.Hash("ManyKeys", nameof(Pulse.Phases), numberOfBits: 16).Fit(scored).Transform(scored);
        Assert.Contains("expected at most 46340 classes", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.MulticlassClassification.EvaluateSteps(many, "ManyKeys", predictedLabelColumnName: "ManyKeys")).Message);
        Assert.Contains("Schema mismatch for label column 'Label': expected a vector of keys", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.MulticlassClassification.EvaluateSteps(scored, "Label")).Message);
    }

    /// <summary>A model that labels walks, with its keys in PredictedKeys and their values in PredictedLabel, and walks that it has not seen.</summary>
    private (ITransformer Model, IDataView Test) FitWalks(int epochs = 30)
    {
        var conversion = _context.Transforms.Conversion;
        var pipeline = conversion.MapValueToKey("Keys", "Labels")
            .Append(_context.MulticlassClassification.Trainers.LstmLabeling(Options(epochs)))
            .Append(_context.Transforms.CopyColumns("PredictedKeys", "PredictedLabel"))
            .Append(conversion.MapKeyToValue("PredictedLabel"));
        return (pipeline.Fit(_context.Data.LoadFromEnumerable(Walks(300, seed: 1))), _context.Data.LoadFromEnumerable(Walks(80, seed: 2)));
    }

    private SequenceLabelingMetrics Evaluate(IDataView scored) =>
        _context.MulticlassClassification.EvaluateSteps(scored, "Keys", predictedLabelColumnName: "PredictedKeys");

    private static LstmLabelingTrainer.Options Options(int epochs) => new()
    {
        LabelColumnName = "Keys", HiddenSize = 8, NumberOfEpochs = epochs, LearningRate = 0.02f, BatchSize = 16, NumberOfThreads = 1,
    };

    private static Walk[] Walks(int count, ulong seed)
    {
        var random = new MlnetClip.Data.SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            float[] steps = [.. Enumerable.Range(0, 1 + random.NextInt32(9)).Select(t => i == 0 && t == 0 ? -1f /* key 1 is below */ : random.NextInt32(2) == 0 ? -1f : 1f)];
            float sum = 0;
            return new Walk { Features = steps, Labels = [.. steps.Select(step => (sum += step) > 0 ? "above" : "below")] };
        })];
    }

    private static string[] Texts(IDataView data, string column) => column == "Score"
        ? [.. Pulse.Column<float[]>(data, column).Select(row => string.Join(' ', row.Select(value => $"{value:R}")))]
        : [.. Pulse.Column<string[]>(data, column).Select(row => string.Join(' ', row))];
}
