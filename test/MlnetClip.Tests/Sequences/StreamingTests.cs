using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Sequences;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Sequences;

/// <summary>Sequences that are read from the data in every epoch: the same fit again, resumed, and in bounded memory.</summary>
[TestClass]
public sealed class StreamingTests
{
    private readonly MLContext _context = new(seed: 1);

    public static IEnumerable<object[]> Tasks => [["Regression"], ["BinaryClassification"], ["MulticlassClassification"], ["SequenceClassification"]];

    [TestMethod]
    [DataRow(1)]
    [DataRow(40)]
    [DataRow(1000)]
    public void TheSeedDecidesTheWeightsWhateverTheThreads(int buffer)
    {
        float[] Weights(int seed, int threads)
        {
            var context = new MLContext(seed);
            return Pulse.Weights(Pulse.Multiclass(context, options => (options.ShuffleBufferSize, options.NumberOfEpochs, options.NumberOfThreads) = (buffer, 3, threads)).Fit(Pulse.Keyed(context)));
        }

        Assert.AreSequenceEqual(Weights(1, 1), Weights(1, 2));
        Assert.AreNotEqual(Weights(1, 1)[0], Weights(2, 1)[0]);
    }

    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void ScalesSplitAndLossAreThoseOfSequencesInMemory(string task)
    {
        // With a step of 0 all epochs have the losses of the first weights, whatever the order of the rows.
        LstmTrainingReport Report(int? buffer) => Fit(task, buffer).Training;
        LstmTrainingReport memory = Report(null), data = Report(30);
        Assert.AreEqual((memory.Rows, memory.ValidationRows, memory.TrainingSequences, memory.Steps), (data.Rows, data.ValidationRows, data.TrainingSequences, data.Steps));
        Assert.AreEqual(memory.ValidationLoss!.Value, data.ValidationLoss!.Value, 1e-6);
        Assert.AreEqual(memory.TrainingLoss, data.TrainingLoss, 1e-6);
        LstmModelParameters inMemory = Fit(task, null).Model, streamed = Fit(task, 30).Model;
        Assert.AreSequenceEqual(inMemory.Scaler.Means, streamed.Scaler.Means);
        Assert.AreSequenceEqual(inMemory.Scaler.Scales, streamed.Scaler.Scales);
        Assert.AreSequenceEqual(inMemory.Task.Numbers.ToArray(), streamed.Task.Numbers.ToArray());
    }

    [TestMethod]
    public void ItLearns()
    {
        var split = _context.Data.TrainTestSplit(Pulse.Keyed(_context, 300), 0.3, seed: 1);
        var model = Pulse.Multiclass(_context, options => options.ShuffleBufferSize = 50).Fit(split.TrainSet);
        Assert.IsGreaterThan(0.95, _context.MulticlassClassification.Evaluate(model.Transform(split.TestSet)).MicroAccuracy);
    }

    [TestMethod]
    public void TooManySequencesForMemoryAreStreamedWithoutAnOption()
    {
        var messages = new List<string>();
        _context.Log += (_, message) => messages.Add(message.RawMessage);
        IDataView data = Pulse.Keyed(_context);
        var model = Pulse.Multiclass(_context, options => (options.MostBytesInMemory, options.NumberOfEpochs) = (1000, 2)).Fit(data);
        Assert.Contains("The sequences are read from the data in every epoch, and shuffled in a buffer of 135.", messages);
        Assert.AreSequenceEqual(Pulse.Weights(Pulse.Multiclass(_context, options => (options.ShuffleBufferSize, options.NumberOfEpochs) = (135, 2)).Fit(data)), Pulse.Weights(model));
    }

    [TestMethod]
    public void AStoppedFitGoesOnAsIfItHadNeverStopped()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("fit.checkpoint");
        IDataView data = Pulse.Keyed(_context);
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Pulse.Multiclass(_context, options =>
        {
            (options.CheckpointPath, options.CancellationToken, options.ShuffleBufferSize) = (path, source.Token, 20);
            options.Observer = new StepObserver(report =>
            {
                if (report.Step == 13) source.Cancel();
            });
        }).Fit(data));
        Assert.Contains("ShuffleBufferSize", Assert.Throws<InvalidDataException>(
            () => Pulse.Multiclass(_context, options => (options.CheckpointPath, options.ShuffleBufferSize) = (path, 21)).Fit(data)).Message);
        var resumed = Pulse.Multiclass(_context, options => (options.CheckpointPath, options.ShuffleBufferSize) = (path, 20)).Fit(data);
        Assert.AreSequenceEqual(Pulse.Weights(Pulse.Multiclass(_context, options => options.ShuffleBufferSize = 20).Fit(data)), Pulse.Weights(resumed));
    }

    [TestMethod]
    public void RowsThatWereShuffledAreInTheSameOrderInEveryPass()
    {
        // What the split into training and validation rows relies on.
        IDataView shuffled = _context.Data.ShuffleRows(Pulse.Keyed(_context), seed: 3);
        Assert.AreSequenceEqual(Pulse.Column<int>(shuffled, "Number"), Pulse.Column<int>(shuffled, "Number"));
        Assert.AreNotEqual(0, Pulse.Column<int>(shuffled, "Number")[0]);
    }

    [TestMethod]
    [DataRow(3, "more")]
    [DataRow(-3, "fewer")]
    public void DataThatChangeDuringAFitAreAnError(int change, string how)
    {
        List<Pulse> rows = [.. Pulse.Rows(60)];
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        string message = Assert.Throws<Exception>(() => Pulse.Regression(_context, options =>
        {
            options.ShuffleBufferSize = 10;
            options.MetricsCallback = _ =>
            {
                if (change > 0) rows.AddRange(Pulse.Rows(change));
                else rows.RemoveRange(0, -change);
            };
        }).Fit(data)).GetBaseException().Message;
        Assert.Contains($"The data had 60 sequences when they were first read, but now {how}.", message);
    }

    [TestMethod]
    public void RowsThatAreLeftOutAndValidationDataAreCountedOnce()
    {
        Pulse[] rows = Pulse.Rows(60);
        rows[7].Features[3] = float.NaN;
        LstmTrainingReport training = Pulse.Regression(_context, options => (options.ShuffleBufferSize, options.NumberOfEpochs) = (10, 3))
            .Fit(_context.Data.LoadFromEnumerable(rows), Pulse.View(_context, 20, seed: 4)).Training;
        Assert.AreEqual((80, 20, 59, 1), (training.Rows, training.ValidationRows, training.TrainingSequences, training.MissingRows));
    }

    [TestMethod]
    public void ABufferThatNoMemoryHoldsIsRefused()
    {
        float[] @long = new float[200_000];
        Uneven[] rows = [.. Enumerable.Range(0, 40_000).Select(i => new Uneven { Features = i == 9 ? @long : [i], Label = i % 2 == 0 })];
        string message = Assert.ThrowsExactly<ArgumentException>(() => _context.BinaryClassification.Trainers.Lstm(new LstmBinaryTrainer.Options { ShuffleBufferSize = 1_000_000 })
            .Fit(_context.Data.LoadFromEnumerable(rows))).Message;
        Assert.Contains("ShuffleBufferSize must fit into memory: 36000 sequences of 200000 time steps", message);
        Assert.Contains("Hint: set a smaller ShuffleBufferSize", message);
    }

    private sealed class Uneven
    {
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }

    /// <summary>300,000 rows of a file hold 30 MB of features; the live heap grows by a fraction of that.</summary>
    [TestMethod]
    [DoNotParallelize]
    public void MemoryIsBoundedByTheBufferWhateverTheRows()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("rows.csv");
        using (var writer = new StreamWriter(path))
        {
            var random = new MlnetClip.Data.SeededRandom(1);
            for (int row = 0; row < 300_000; row++)
            {
                int first = random.NextInt32(100);
                writer.Write(first < 50 ? "0" : "1");
                for (int t = 0; t < 24; t++) writer.Write(string.Create(CultureInfo.InvariantCulture, $",{(t == 0 ? first : random.NextInt32(100))}"));
                writer.WriteLine();
            }
        }

        var context = new MLContext(seed: 1);
        IDataView data = context.Data.LoadFromTextFile(path, new TextLoader.Options
        {
            Separators = [','],
            Columns = [new TextLoader.Column("Label", DataKind.Boolean, 0), new TextLoader.Column("Features", DataKind.Single, 1, 24)],
        });
        long before = GC.GetTotalMemory(forceFullCollection: true), most = 0;
        var model = context.BinaryClassification.Trainers.Lstm(new LstmBinaryTrainer.Options
        {
            FeaturesPerStep = 8, HiddenSize = 4, BatchSize = 512, NumberOfEpochs = 1, LearningRate = 0.02f, ShuffleBufferSize = 5_000,
            Observer = new StepObserver(report =>
            {
                if (report.Step % 100 == 50) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
            }),
        }).Fit(data);
        Assert.AreEqual(270_000, model.Training.TrainingSequences);
        Assert.IsLessThan(0.4, model.Training.ValidationLoss!.Value);
        Assert.IsLessThan(12L << 20, most - before);
    }

    private LstmPredictionTransformer Fit(string task, int? buffer)
    {
        IDataView data = Pulse.Keyed(_context);
        void Still(LstmSequenceTrainerOptions options) =>
            (options.ShuffleBufferSize, options.LearningRate, options.Optimizer, options.NumberOfEpochs, options.BatchSize) = (buffer, 1e-30f, Optimizer.Sgd(), 2, 15);
        IEstimator<LstmPredictionTransformer> trainer = task switch
        {
            "Regression" => Pulse.Regression(_context, Still),
            "BinaryClassification" => Pulse.Binary(_context, options =>
            {
                Still(options);
                options.ClassWeights = ClassWeights.Balanced;
            }),
            "MulticlassClassification" => Pulse.Multiclass(_context, options =>
            {
                Still(options);
                options.ExampleWeightColumnName = "Weight";
            }),
            _ => Pulse.Labeling(_context, Still),
        };
        return trainer.Fit(data);
    }
}
