using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;
using MlnetClip.Sequences;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Sequences;

/// <summary>What a fit of a trainer over sequences learns, and that it is one fit whatever the threads, the checkpoint and the scope.</summary>
[TestClass]
public sealed class FitTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(RecurrentCell.Lstm)]
    [DataRow(RecurrentCell.Gru)]
    [DataRow(RecurrentCell.RnnTanh)]
    public void MulticlassLearns(RecurrentCell cell)
    {
        IDataView data = Pulse.Keyed(_context, 300);
        var split = _context.Data.TrainTestSplit(data, 0.3, seed: 1);
        var model = Pulse.Multiclass(_context, options => options.Cell = cell).Fit(split.TrainSet);
        var metrics = _context.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
        Assert.IsGreaterThan(0.95, metrics.MicroAccuracy);
        Assert.IsLessThan(0.3, metrics.LogLoss);
    }

    [TestMethod]
    public void BinaryLearns()
    {
        var split = _context.Data.TrainTestSplit(Pulse.View(_context, 300), 0.3, seed: 1);
        var model = Pulse.Binary(_context).Fit(split.TrainSet);
        var metrics = _context.BinaryClassification.Evaluate(model.Transform(split.TestSet), nameof(Pulse.IsLate));
        Assert.IsGreaterThan(0.95, metrics.Accuracy);
        Assert.IsLessThan(0.3, metrics.LogLoss);
    }

    [TestMethod]
    public void RegressionLearnsInTheLabelsUnit()
    {
        var split = _context.Data.TrainTestSplit(Pulse.View(_context, 300), 0.3, seed: 1);
        var model = Pulse.Regression(_context, options => options.NumberOfEpochs = 25).Fit(split.TrainSet);
        var metrics = _context.Regression.Evaluate(model.Transform(split.TestSet), nameof(Pulse.Value));
        Assert.IsGreaterThan(0.9, metrics.RSquared);
    }

    [TestMethod]
    public void EveryPartOfTheModelIsThere()
    {
        var model = Pulse.Multiclass(_context, options =>
        {
            (options.Cell, options.Bidirectional, options.NumberOfLayers, options.Pooling) = (RecurrentCell.Gru, true, 2, Pooling.Max);
            (options.LayerNormalization, options.Dropout, options.RecurrentDropout, options.NumberOfEpochs) = (true, 0.1f, 0.2f, 1);
        }).Fit(Pulse.Keyed(_context)).Model;
        Assert.AreEqual(
            "features(2) gru(8, bidirectional, recurrent dropout 0.2) layernorm(1E-05) dropout(0.1) gru(8, bidirectional, recurrent dropout 0.2) layernorm(1E-05) dropout(0.1) head(max, 3)",
            model.ToString());
        Assert.AreEqual((RecurrentCell.Gru, 8, 2, true, Pooling.Max, 2), (model.Cell, model.HiddenSize, model.NumberOfLayers, model.Bidirectional, model.Pooling, model.FeaturesPerStep));
        Assert.AreEqual(model.WeightCount, model.ParameterNames.Sum(name => model.GetWeights(name).Length));
    }

    [TestMethod]
    public void FeaturesOfAnyUnitLearnAlike()
    {
        Pulse[] rows = Pulse.Rows(150);
        foreach (Pulse row in rows)
            for (int n = 1; n < row.Features.Length; n += 2) row.Features[n] = 4096 + (row.Features[n] / 1024);
        double Accuracy(bool normalize)
        {
            IDataView data = Pulse.Keyed(_context, _context.Data.LoadFromEnumerable(rows));
            var scored = Pulse.Multiclass(_context, options => options.NormalizeFeatures = normalize).Fit(data).Transform(data);
            return _context.MulticlassClassification.Evaluate(scored).MicroAccuracy;
        }

        Assert.IsGreaterThan(0.9, Accuracy(normalize: true));
        Assert.IsLessThan(0.7, Accuracy(normalize: false));
    }

    [TestMethod]
    public void SequencesOfKeysAreEmbedded()
    {
        IDataView raw = Pulse.View(_context, 200);
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Label", nameof(Pulse.Kind))
            .Append(_context.Transforms.Conversion.MapValueToKey("Ids", nameof(Pulse.Words)))
            .Append(Pulse.Multiclass(_context, options => (options.FeatureColumnName, options.FeaturesPerStep, options.EmbeddingSize) = ("Ids", 1, 3)));
        var model = pipeline.Fit(raw);
        Assert.IsGreaterThan(0.95, _context.MulticlassClassification.Evaluate(model.Transform(raw)).MicroAccuracy);
        Assert.AreEqual("features(0) embedding(3, 3) lstm(8) head(last, 3)", model.LastTransformer.Model.ToString());

        // A word that training did not see is the missing key, whose vector is zero.
        CollectionAssert.AreEqual(new float[3], model.LastTransformer.Model.GetWeights("embedding0.weight")[..3].ToArray());
        Pulse[] unseen = Pulse.Rows(3);
        unseen[0].Words[0] = "unheard-of";
        var scores = Pulse.Column<float[]>(model.Transform(_context.Data.LoadFromEnumerable(unseen)), "Score");
        Assert.IsTrue(scores.All(row => row.All(float.IsFinite)));
    }

    private sealed class Words
    {
        public string Text { get; set; } = "";

        public bool Label { get; set; }
    }

    [TestMethod]
    public void TextOfAnyLengthTrains()
    {
        Words[] rows = [.. Enumerable.Range(0, 120).Select(i => new Words { Text = string.Concat(Enumerable.Repeat("and ", i % 7)) + (i % 2 == 0 ? "good" : "bad"), Label = i % 2 == 0 })];
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        var pipeline = _context.Transforms.Text.TokenizeIntoWords("Words", "Text")
            .Append(_context.Transforms.Conversion.MapValueToKey("Features", "Words"))
            .Append(_context.BinaryClassification.Trainers.Lstm(hiddenSize: 8, numberOfEpochs: 10, learningRate: 0.02f));
        Assert.AreEqual(1, _context.BinaryClassification.Evaluate(pipeline.Fit(data).Transform(data)).Accuracy);
    }

    [TestMethod]
    public void TheSeedDecidesTheWeightsWhateverTheThreadsAndWhatRanBefore()
    {
        static float[] Weights(int seed, int threads, bool again)
        {
            var context = new MLContext(seed);
            IDataView data = Pulse.Keyed(context);
            LstmMulticlassTrainer trainer = Pulse.Multiclass(context, options => (options.NumberOfThreads, options.NumberOfEpochs, options.Dropout) = (threads, 3, 0.2f));
            if (again) trainer.Fit(data);
            return Pulse.Weights(trainer.Fit(data));
        }

        Assert.AreSequenceEqual(Weights(1, 1, false), Weights(1, 2, true));
        Assert.AreNotEqual(Weights(1, 1, false)[0], Weights(2, 1, false)[0]);
    }

    [TestMethod]
    public void ValidationRowsAreDrawnBySeed()
    {
        IDataView data = Pulse.View(_context, 100);
        LstmTrainingReport training = Pulse.Regression(_context, options => (options.ValidationFraction, options.NumberOfEpochs) = (0.25, 1)).Fit(data).Training;
        Assert.AreEqual((100, 25, 75, 25, 0), (training.Rows, training.ValidationRows, training.TrainingSequences, training.ValidationSequences, training.MissingRows));

        // Where the last tenth of the rows validated, the others would be of one class.
        Pulse[] sorted = [.. Pulse.Rows(100).OrderBy(row => row.IsLate)];
        int late = sorted.Count(row => row.IsLate);
        Pulse.Binary(_context, options => (options.ValidationFraction, options.NumberOfEpochs) = (late / 100.0, 1)).Fit(_context.Data.LoadFromEnumerable(sorted));
        double? Loss(int seed) => Pulse.Regression(new MLContext(seed), options => options.NumberOfEpochs = 1).Fit(data).Training.ValidationLoss;
        Assert.AreEqual(Loss(1), Loss(1));
        Assert.AreNotEqual(Loss(1), Loss(2));
    }

    [TestMethod]
    public void GivenValidationDataChooseTheEpochOnly()
    {
        IDataView train = Pulse.View(_context, 80), others = Pulse.View(_context, 40, seed: 2);
        LstmRegressionTrainer trainer = Pulse.Regression(_context);
        var model = trainer.Fit(train, others);
        Assert.AreEqual((120, 40, 80), (model.Training.Rows, model.Training.ValidationRows, model.Training.TrainingSequences));
        ITransformer same = ((IValidatedEstimator)trainer).Fit(train, others);
        Assert.AreSequenceEqual(Pulse.Weights(model), Pulse.Weights((LstmPredictionTransformer)same));
        Assert.AreEqual(model.Training.History.Min(epoch => epoch.ValidationLoss), model.Training.ValidationLoss);
    }

    [TestMethod]
    public void AWarmStartBeginsWithTheWeightsAndScalesOfTheModel()
    {
        IDataView data = Pulse.View(_context, 80), more = Pulse.View(_context, 90, seed: 5);
        var start = Pulse.Regression(_context).Fit(data);
        var still = Pulse.Regression(_context, options => (options.LearningRate, options.Optimizer) = (1e-30f, Optimizer.Sgd())).Fit(more, null, start.Model);
        Assert.AreSequenceEqual(Pulse.Weights(start), Pulse.Weights(still));
        Assert.AreSequenceEqual(Pulse.Column<float>(start.Transform(more), "Score"), Pulse.Column<float>(still.Transform(more), "Score"));
        Assert.IsTrue(still.Training.WarmStart);
        string message = Assert.ThrowsExactly<ArgumentException>(() => Pulse.Regression(_context, options => (options.HiddenSize, options.Cell) = (9, RecurrentCell.Gru)).Fit(more, null, start.Model)).Message;
        Assert.Contains("LstmRegressionTrainer.Options.HiddenSize must be 8 as in the starting model, but was 9.", message);
        Assert.Contains(".Cell must be Lstm", message);
        Assert.Contains(
            "The model to start from must have been trained for BinaryClassification, of the same classes in the same order, but was trained for Regression.",
            Assert.ThrowsExactly<ArgumentException>(() => Pulse.Binary(_context).Fit(data, null, start.Model)).Message);
        var kinds = Pulse.Multiclass(_context, options => options.NumberOfEpochs = 1).Fit(Pulse.Keyed(_context)).Model;
        IDataView otherOrder = _context.Transforms.Conversion.MapValueToKey("Label", "Kind", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data).Transform(data);
        Assert.Contains("of the same classes in the same order", Assert.ThrowsExactly<ArgumentException>(() => Pulse.Multiclass(_context).Fit(otherOrder, null, kinds)).Message);
    }

    [TestMethod]
    public void AStoppedFitGoesOnFromItsCheckpointAsIfItHadNeverStopped()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("fit.checkpoint");
        IDataView data = Pulse.Keyed(_context);
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Pulse.Multiclass(_context, options =>
        {
            (options.CheckpointPath, options.CancellationToken) = (path, source.Token);
            options.Observer = new StepObserver(report =>
            {
                if (report.Step == 11) source.Cancel();
            });
        }).Fit(data));

        long first = -1;
        var resumed = Pulse.Multiclass(_context, options =>
        {
            options.CheckpointPath = path;
            options.Observer = new StepObserver(report => first = first < 0 ? report.Step : first);
        }).Fit(data);
        Assert.AreEqual(12, first);
        Assert.AreSequenceEqual(Pulse.Weights(Pulse.Multiclass(_context).Fit(data)), Pulse.Weights(resumed));
        Assert.Contains("another fit", Assert.Throws<InvalidDataException>(() => Pulse.Multiclass(_context, options => (options.CheckpointPath, options.Pooling) = (path, Pooling.Mean)).Fit(data)).Message);
        Assert.Contains("another fit", Assert.Throws<InvalidDataException>(() => Pulse.Multiclass(_context, options => options.CheckpointPath = path).Fit(Pulse.Keyed(_context, 149))).Message);
    }

    [TestMethod]
    public void AScopeOverridesSeedThreadsAndPolicyAndSeesTheFit()
    {
        IDataView data = Pulse.View(_context, 80);
        long steps = 0;
        float[] Fit(int seed)
        {
            using (new FitScope { Seed = seed, NumberOfThreads = 2, Observer = new StepObserver(_ => steps++) }.Enter())
                return Pulse.Weights(_context.Transforms.CopyColumns("Copy", "Value").Append(Pulse.Regression(_context)).Fit(data).LastTransformer);
        }

        Assert.AreSequenceEqual(Fit(5), Pulse.Weights(Pulse.Regression(new MLContext(seed: 5)).Fit(data)));
        Assert.AreEqual(60, steps);
    }

    [TestMethod]
    public void ExampleWeightsCount()
    {
        // Nothing to tell rows apart by, so that the score is the mean of the labels, each by its weight.
        Pulse[] rows = Pulse.Rows(100);
        foreach (Pulse row in rows)
        {
            row.Features.AsSpan().Fill(1);
            (row.Weight, row.Value) = row.Number % 4 == 0 ? (3, 2000) : (1, 1000);
        }

        (double Mean, float Score) Fit(string? weights)
        {
            var model = Pulse.Regression(_context, options => (options.ExampleWeightColumnName, options.ValidationFraction, options.NumberOfEpochs) = (weights, 0, 40))
                .Fit(_context.Data.LoadFromEnumerable(rows));
            return (((RegressionTask)model.Model.Task).Mean, Pulse.Column<float>(model.Transform(_context.Data.LoadFromEnumerable(rows[..1])), "Score")[0]);
        }

        var (mean, score) = Fit(null);
        Assert.AreEqual(1250, mean, 1e-9);
        Assert.AreEqual(1250, score, 60);
        (mean, score) = Fit(nameof(Pulse.Weight));
        Assert.AreEqual(1500, mean, 1e-9);
        Assert.AreEqual(1500, score, 60);
    }

    [TestMethod]
    public void RowsOfWeightZeroDoNotDecideTheScale()
    {
        Pulse[] rows = Pulse.Rows(100);
        foreach (Pulse row in rows[50..]) (row.Value, row.Weight) = (-1e9f, 0);
        IDataView first = _context.Data.LoadFromEnumerable(rows[..50]);
        var model = Pulse.Regression(_context, options => (options.ExampleWeightColumnName, options.ValidationFraction, options.NumberOfEpochs) = (nameof(Pulse.Weight), 0, 25))
            .Fit(_context.Data.LoadFromEnumerable(rows));
        Assert.IsGreaterThan(0.8, _context.Regression.Evaluate(model.Transform(first), nameof(Pulse.Value)).RSquared);
    }

    [TestMethod]
    public void ClassWeightsMoveTheDecision()
    {
        Pulse[] rows = Pulse.Rows(200);
        foreach (Pulse row in rows) row.Features.AsSpan().Fill(1); // nothing to tell classes apart by
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        double Late(ClassWeights? weights) => Pulse.Column<float>(
            Pulse.Binary(_context, options => (options.ClassWeights, options.NumberOfEpochs) = (weights, 20)).Fit(data).Transform(data), "Probability")[0];
        double share = rows.Count(row => row.IsLate) / 200.0;
        Assert.AreEqual(share, Late(null), 0.1);
        Assert.AreEqual(3 * share / (1 + (2 * share)), Late(ClassWeights.Of(1, 3)), 0.1);
        Assert.AreEqual(0.5, Late(ClassWeights.Balanced), 0.1);
        Assert.Contains("a weight for each of the 2 classes", Assert.ThrowsExactly<ArgumentException>(() => Late(ClassWeights.Of(1, 2, 3))).Message);
    }

    [TestMethod]
    public void TheReportAndTheLogSayWhatWasDone()
    {
        var messages = new List<string>();
        var context = new MLContext(seed: 4);
        context.Log += (_, message) =>
        {
            if (message.Kind >= ChannelMessageKind.Info) messages.Add(message.RawMessage);
        };
        LstmTrainingReport training = Pulse.Binary(context, options => options.NumberOfEpochs = 2).Fit(Pulse.View(context, 100)).Training;
        string log = string.Join('\n', messages);
        Assert.Contains("Learning 'IsLate' from 90 sequences of up to 6 time steps of 2 features, validating on 10 others drawn at random, clipping norm:1, seed 4.", log);
        Assert.Contains("Epoch 2 of 2: training loss ", log);
        Assert.AreEqual((4, false, 2, 12L), (training.Seed, training.SeedWasDrawn, training.Epochs, training.Steps));
        Assert.AreEqual(("norm:1", "Lstm", "true", "none"), (training.Clipping, training.Options["Cell"], training.Options["NormalizeFeatures"], training.Options["ClassWeights"]));
    }

    private sealed class Uneven
    {
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }

    [TestMethod]
    public void SequencesOfUnevenLengthAreScoredAsIfTheyStoodAlone()
    {
        Uneven[] rows = [.. Enumerable.Range(0, 90).Select(i => new Uneven { Features = [.. Enumerable.Range(0, 1 + (i % 13)).Select(t => (t * 7 * (i + 1) % 11) / 5f)], Label = i % 2 == 0 })];
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        var model = _context.BinaryClassification.Trainers.Lstm(new LstmBinaryTrainer.Options
        {
            HiddenSize = 5, Bidirectional = true, NumberOfEpochs = 2, MeasureTimeSteps = true, ValidationFraction = 0,
        }).Fit(data);
        Assert.HasCount(13, model.Training.ClippingSummary.TimeStepNorms);

        // The loss of the last epoch's weights over all rows, once by the engine in padded batches and once from the scores.
        double logLoss = 0;
        float[] scores = Pulse.Column<float>(model.Transform(data), "Score");
        for (int i = 0; i < rows.Length; i++) logLoss += Math.Log(1 + Math.Exp(rows[i].Label ? -scores[i] : scores[i])) / rows.Length;
        var still = _context.BinaryClassification.Trainers.Lstm(new LstmBinaryTrainer.Options
        {
            HiddenSize = 5, Bidirectional = true, NumberOfEpochs = 1, LearningRate = 1e-30f, Optimizer = Optimizer.Sgd(), ValidationFraction = 0,
        }).Fit(data, data, model.Model);
        Assert.AreEqual(logLoss, still.Training.ValidationLoss!.Value, 1e-5);
    }
}
