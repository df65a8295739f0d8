using System.Globalization;
using MlnetClip.Checkpoints;
using MlnetClip.Core.Tests.Training;
using MlnetClip.Optimizers;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Checkpoints;

/// <summary>A fit that was stopped, saved and resumed elsewhere ends with the bits of one that was never stopped.</summary>
[TestClass]
public sealed class TrainingCheckpointTests
{
    public static IEnumerable<object[]> Settings =>
    [
        ["adam", "norm:0.3", "throw"],
        ["sgd:momentum=0.9,nesterov=true", "value:0.02", "skip:3"],
        ["adamw", "none", "rollback:0.5,every=4"],
        ["rmsprop:momentum=0.5", "value:0.1+norm:0.3", "zero:3"],
        ["adam", "norm-gate:0.1", "throw"],
        ["adam", "autoclip:50,history=6", "throw"],
        ["adagrad:decay=0.01,decoupled=true", "norm:0.3", "throw"],
        ["adam", "zclip:1,warmup=3", "throw"],
        ["adam", "adagc:1.05,0.98,warmup=6", "throw"],
        ["sgd:momentum=0.9", "skip-spike:0.8,window=8+stabilize:0.7,0.9", "throw"],
        ["sgd", "inside:0.01+truncate:4+norm:0.3", "throw"],
    ];

    [TestMethod]
    [DynamicData(nameof(Settings))]
    public void ResumesBitForBitFromEveryStep(string optimizer, string clipping, string policy)
    {
        TrainingOptions options = Options(optimizer, clipping, policy);
        using var whole = new Fit(options);
        TrainingResult expected = whole.Loop.Run();

        for (int stop = 0; stop < 15; stop++)
        {
            using var resumed = new Fit(options, initialSeed: 99);
            resumed.Loop.Resume(Stopped(options, stop));
            TrainingResult result = resumed.Loop.Run();

            Near.AssertSameBits(whole.Weights, resumed.Weights, $"weights, stopped after step {stop}");
            CollectionAssert.AreEqual(expected.History.ToArray(), result.History.ToArray());
            Assert.AreEqual(expected.Clipping, result.Clipping);
            Assert.AreEqual(new ResumePoint(stop / 5, stop, 3), result.Resumed);
            TrainingResult Rest(TrainingResult of) => of with { History = [], Clipping = null!, Resumed = null };
            Assert.AreEqual(Rest(expected), Rest(result));
        }
    }

    [TestMethod]
    [DataRow("plateau:patience=1,factor=0.5")]
    [DataRow("one-cycle")]
    [DataRow("restarts:steps=4,multiply=2")]
    public void ResumesWithinASchedule(string schedule)
    {
        TrainingOptions options = Fit.Options with { Schedule = Schedule.Parse(schedule), LearningRate = 0.3f, EarlyStopping = null, Epochs = 4 };
        var whole = new StepRecorder();
        using (var fit = new Fit(options)) fit.Loop.Run(whole);
        Assert.IsGreaterThan(1, whole.Reports.Select(report => report.LearningRate).Distinct().Count());
        for (int stop = 0; stop < 20; stop += 3)
        {
            using var resumed = new Fit(options, initialSeed: 99);
            resumed.Loop.Resume(Stopped(options, stop));
            var rest = new StepRecorder();
            resumed.Loop.Run(rest);
            CollectionAssert.AreEqual(whole.Reports.Skip(stop).Select(report => report.LearningRate).ToArray(), rest.Reports.Select(report => report.LearningRate).ToArray());
        }
    }

    [TestMethod]
    public void ResumesAfterARollBack()
    {
        // Step 4 is bad; the fit is stopped after step 5, with the rate halved and the snapshot of step 3 at hand, and step 6 is bad again.
        static float[] Gradient(int step) => step is 4 or 6 ? [float.NaN, 1, 1, 1] : [1, 1, 1, 1];
        var options = new TrainingOptions
        {
            Epochs = 1, BatchSize = 1, LearningRate = 1, Optimizer = Optimizer.Sgd(0.5f), NonFinite = NonFinitePolicy.RollBack(0.5, 3),
        };
        var source = new ArraySource(1, 1, 1, new float[10], new float[10]);
        using var whole = new ScriptedBackend(Gradient);
        new TrainingLoop(whole, options, source).Run();
        using var first = new ScriptedBackend(Gradient);
        using var cancellation = new CancellationTokenSource();
        var stopped = new TrainingLoop(first, options, source);
        stopped.Run(new StepRecorder(report =>
        {
            if (report.Step == 5) cancellation.Cancel();
        }), cancellation.Token);
        using var second = new ScriptedBackend(step => Gradient(step + 6));
        var resumed = new TrainingLoop(second, options, source);

        resumed.Resume(Saved(stopped));
        resumed.Run();

        Near.AssertSameBits(whole.Parameters.Values, second.Parameters.Values, "weights");
    }

    [TestMethod]
    public void AFinishedFitCanBeProlonged()
    {
        using var finished = new Fit(Fit.Options with { Epochs = 2 });
        finished.Loop.Run();
        using var prolonged = new Fit(Fit.Options with { Epochs = 3 });
        prolonged.Loop.Resume(Saved(finished.Loop));

        TrainingResult result = prolonged.Loop.Run();

        Assert.AreEqual(3, result.EpochsRun);
        Near.AssertSameBits(Fit.Run(), prolonged.Weights, "weights");
    }

    [TestMethod]
    [DataRow("step:every=1,factor=0.5")]
    [DataRow("constant:warmup=12")]
    public void AFitWhoseScheduleGoesByEpochOrStepCanBeProlonged(string schedule)
    {
        TrainingOptions options = Fit.Options with { Schedule = Schedule.Parse(schedule) };
        using var finished = new Fit(options with { Epochs = 2 });
        finished.Loop.Run();
        using var prolonged = new Fit(options);
        prolonged.Loop.Resume(Saved(finished.Loop));

        prolonged.Loop.Run();

        Near.AssertSameBits(Fit.Run(options), prolonged.Weights, "weights");
    }

    [TestMethod]
    public void AFitWhoseScheduleSpansItCannotBeProlonged()
    {
        TrainingOptions options = Fit.Options with { Schedule = Schedule.CosineToEnd() };
        using var finished = new Fit(options with { Epochs = 2 });
        finished.Loop.Run();
        using var prolonged = new Fit(options);
        float[] before = prolonged.Weights;

        var error = Assert.Throws<InvalidDataException>(() => prolonged.Loop.Resume(Saved(finished.Loop)));

        StringAssert.Contains(error.Message, "Epochs: '2' in the checkpoint, '3' in this fit");
        StringAssert.Contains(error.Message, "The learning rate schedule 'cosine' spans all epochs");
        Near.AssertSameBits(before, prolonged.Weights, "weights");
    }

    [TestMethod]
    public void SaysFromWhereItGoesOn()
    {
        using var finished = new Fit();
        Assert.IsNull(finished.Loop.Run().Resumed);
        using var fewer = new Fit(Fit.Options with { Epochs = 2 });

        ResumePoint point = fewer.Loop.Resume(Saved(finished.Loop));
        TrainingResult result = fewer.Loop.Run();

        Assert.AreEqual(new ResumePoint(3, 15, 2), point);
        Assert.AreEqual(point, result.Resumed);
        Assert.IsTrue(point.HasMoreEpochsThanRequested);
        Assert.AreEqual(3, result.EpochsRun);
        using var middle = new Fit();
        Assert.AreEqual(new ResumePoint(1, 7, 3), middle.Loop.Resume(Stopped(Fit.Options, 7)));
    }

    [TestMethod]
    [DataRow("norm:5,units=sum-over-batch")]
    [DataRow("value:5,units=sum-over-batch+norm:0.3")]
    public void AFinishedFitThatIsResumedReportsTheSame(string clipping)
    {
        TrainingOptions options = Fit.Options with { Clipping = GradientClipping.Parse(clipping) };
        using var finished = new Fit(options);
        TrainingResult expected = finished.Loop.Run();
        using var resumed = new Fit(options);
        resumed.Loop.Resume(Saved(finished.Loop));

        Assert.AreEqual(expected.Clipping, resumed.Loop.Run().Clipping);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(7)]
    [DataRow(9)] // the last step of an epoch
    public void AnObserverThatCancelsLeavesACheckpoint(int step)
    {
        using var folder = new TemporaryFolder();
        using var fit = new Fit(Fit.Options with { CheckpointPath = folder.File("fit.ckpt"), CheckpointInterval = CheckpointInterval.EveryEpochs(100) });
        Assert.Throws<OperationCanceledException>(() => fit.Loop.Run(new StepRecorder(report =>
        {
            if (report.Step == step) throw new OperationCanceledException("enough");
        })));
        using var resumed = new Fit();
        using (FileStream file = File.OpenRead(folder.File("fit.ckpt"))) resumed.Loop.Resume(file);
        var rest = new StepRecorder();

        resumed.Loop.Run(rest);

        Assert.AreEqual(step + 1, rest.Reports[0].Step);
        Near.AssertSameBits(Fit.Run(), resumed.Weights, "weights");
    }

    [TestMethod]
    public void AnObserverThatCancelsAfterAnEpochLeavesACheckpoint()
    {
        using var folder = new TemporaryFolder();
        using var fit = new Fit(Fit.Options with { CheckpointPath = folder.File("fit.ckpt"), CheckpointInterval = CheckpointInterval.EveryEpochs(100) });
        Assert.Throws<OperationCanceledException>(() => fit.Loop.Run(new StepRecorder(onEpoch: epoch =>
        {
            if (epoch.Epoch == 2) throw new OperationCanceledException("enough");
        })));
        using var resumed = new Fit();
        using FileStream file = File.OpenRead(folder.File("fit.ckpt"));

        Assert.AreEqual(new ResumePoint(2, 10, 3), resumed.Loop.Resume(file));
        resumed.Loop.Run();

        Near.AssertSameBits(Fit.Run(), resumed.Weights, "weights");
    }

    [TestMethod]
    public void SavingLeavesTheBestWeightsInTheBackend()
    {
        // Every epoch takes the weights down by 1; the second of three is the best.
        using var backend = new ScriptedBackend(_ => [1, 1, 1, 1], 2, 1, 3);
        var one = new ArraySource(1, 1, 1, [0f], [0f]);
        var loop = new TrainingLoop(backend, new TrainingOptions { Epochs = 3, LearningRate = 1, Optimizer = Optimizer.Sgd() }, one, one);
        loop.Run();

        Saved(loop);

        CollectionAssert.AreEqual(new float[] { -2, -2, -2, -2 }, backend.Parameters.Values.ToArray());
    }

    [TestMethod]
    public void ResumesUnderAnotherCulture()
    {
        MemoryStream checkpoint = Stopped(Fit.Options, 4);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            other.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = other;
            using var resumed = new Fit();
            resumed.Loop.Resume(checkpoint);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    [DataRow("optimizer", "Optimizer: 'adam' in the checkpoint, 'sgd' in this fit")]
    [DataRow("learning rate", "LearningRate: '0.02' in the checkpoint, '0.03' in this fit")]
    [DataRow("batch size", "BatchSize: '5' in the checkpoint, '4' in this fit")]
    [DataRow("clipping", "Clipping: 'norm:0.3' in the checkpoint, 'none' in this fit")]
    [DataRow("policy", "NonFinite: 'throw' in the checkpoint, 'skip:1' in this fit")]
    [DataRow("seed", "Seed: '4' in the checkpoint, '77' in this fit")]
    [DataRow("shuffle", "Shuffle: 'True' in the checkpoint, 'False' in this fit")]
    [DataRow("validation", "Validation sequences: '9' in the checkpoint, '0' in this fit")]
    [DataRow("identity", "Data: missing in the checkpoint, 'other rows' in this fit")]
    public void RefusesTheCheckpointOfAnotherFitAndNamesWhatDiffers(string what, string difference)
    {
        TrainingOptions options = what switch
        {
            "optimizer" => Fit.Options with { Optimizer = Optimizer.Sgd() },
            "learning rate" => Fit.Options with { LearningRate = 0.03f },
            "batch size" => Fit.Options with { BatchSize = 4 },
            "clipping" => Fit.Options with { Clipping = GradientClipping.None },
            "policy" => Fit.Options with { NonFinite = NonFinitePolicy.SkipStep(1) },
            "seed" => Fit.Options with { Seed = 77 },
            "shuffle" => Fit.Options with { Shuffle = false },
            "identity" => Fit.Options with { CheckpointIdentity = [new CheckpointField("Data", "other rows")] },
            _ => Fit.Options,
        };
        using var other = new Fit(options, validate: what != "validation");
        float[] before = other.Weights;

        var error = Assert.Throws<InvalidDataException>(() => other.Loop.Resume(Stopped(Fit.Options, 4)));

        string[] lines = error.Message.Split(Environment.NewLine);
        Assert.HasCount(3, lines, "Nothing else differs.");
        Assert.StartsWith("The checkpoint belongs to another fit.", lines[0]);
        Assert.AreEqual("  " + difference, lines[1]);
        Assert.StartsWith("Hint: ", lines[2]);
        Near.AssertSameBits(before, other.Weights, "weights");
    }

    [TestMethod]
    public void FindsDamageInEveryRegionAndLeavesTheFitAlone()
    {
        byte[] good = Stopped(Fit.Options, 7).ToArray();
        using var fit = new Fit();
        float[] before = fit.Weights;
        for (int i = 0; i < good.Length; i += i < 64 || i >= good.Length - 32 ? 1 : 197)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => fit.Loop.Resume(new MemoryStream(bad)), $"Byte {i} of {good.Length}.");
        }

        for (int length = 0; length < good.Length; length += 499)
            Assert.Throws<InvalidDataException>(() => fit.Loop.Resume(new MemoryStream(good, 0, length)), $"Cut to {length} bytes.");
        Near.AssertSameBits(before, fit.Weights, "weights");
    }

    [TestMethod]
    [DataRow(0, -1L, 8, "the step must be 0 or more, but was -1")]
    [DataRow(0, 8L, 8, "the step must be 7 at batch 2 of epoch 1, counted from 0, but was 8")]
    [DataRow(8, 2L, 4, "the step must be 12 at batch 2 of epoch 2, counted from 0, but was 7")]
    [DataRow(16, 6L, 4, "the largest batch must be at most 5, but was 6")]
    [DataRow(20, 2_000_000_000L, 4, "the length of the weights must be ")]
    [DataRow(24, 0x7FC00000L, 4, "the weights must be finite, as the gradients of all steps were")]
    public void AFieldThatCannotBeRightIsNamedAndTheFitIsAsItWas(int offset, long value, int bytes, string problem)
    {
        byte[] good = Stopped(Fit.Options, 7).ToArray(), payload = good[20..^32];
        using var reader = new BinaryReader(new MemoryStream(payload));
        for (int texts = 2 * reader.ReadInt32(); texts > 0; texts--) reader.ReadString(); // the identity
        BitConverter.GetBytes(value).AsSpan(0, bytes).CopyTo(payload.AsSpan((int)reader.BaseStream.Position + offset));
        using var fit = new Fit();
        byte[] before = Saved(fit.Loop).ToArray();

        var error = Assert.Throws<InvalidDataException>(() => fit.Loop.Resume(new MemoryStream(Mutator.Seal(good, payload))));

        Assert.StartsWith("The training checkpoint is damaged: " + problem, error.Message);
        Assert.AreSequenceEqual(before, Saved(fit.Loop).ToArray());
    }

    [TestMethod]
    public void SaysThatACheckpointIsNewer()
    {
        byte[] newer = Stopped(Fit.Options, 7).ToArray();
        newer[8]++;
        using var fit = new Fit();

        var error = Assert.Throws<InvalidDataException>(() => fit.Loop.Resume(new MemoryStream(newer)));

        StringAssert.Contains(error.Message, "this MlnetClip reads up to version ");
    }

    [TestMethod]
    public void RefusesTheCheckpointsOfVersion01()
    {
        byte[] old = Stopped(Fit.Options, 7).ToArray();
        old[8] = 1;
        using var fit = new Fit();

        var error = Assert.Throws<InvalidDataException>(() => fit.Loop.Resume(new MemoryStream(old)));

        StringAssert.Contains(error.Message, "has format version 1; this MlnetClip reads version 4 and newer.");
        StringAssert.Contains(error.Message, "Hint: continue with the version of MlnetClip");
    }

    [TestMethod]
    public void SaysThatAFileIsNoCheckpoint()
    {
        using var fit = new Fit();

        var error = Assert.Throws<InvalidDataException>(() => fit.Loop.Resume(new MemoryStream(new byte[1000])));

        StringAssert.Contains(error.Message, "training checkpoint");
        StringAssert.Contains(error.Message, "'MLCTRAIN'");
    }

    [TestMethod]
    public void FilesAreWrittenAtEpochsAndAtTheEnd()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("fit.ckpt");
        using var fit = new Fit(Fit.Options with { CheckpointPath = path, CheckpointInterval = CheckpointInterval.EveryEpochs(2) });
        var written = new List<bool>();

        fit.Loop.Run(new StepRecorder(_ => written.Add(File.Exists(path))));

        // None during the first two epochs; the one of the second is there in the third.
        Assert.AreEqual(10, written.IndexOf(true));
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
        using var resumed = new Fit();
        using (FileStream file = File.OpenRead(path)) resumed.Loop.Resume(file);
        Assert.AreEqual(3, resumed.Loop.Run(new StepRecorder(_ => Assert.Fail("It was complete."))).EpochsRun);
        Near.AssertSameBits(fit.Weights, resumed.Weights, "weights");
    }

    [TestMethod]
    public void AFileIsWrittenOnCancellation()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        using var fit = new Fit(Fit.Options with { CheckpointPath = folder.File("fit.ckpt"), CheckpointInterval = CheckpointInterval.EveryEpochs(100) });
        fit.Loop.Run(new StepRecorder(step =>
        {
            if (step.Step == 7) cancellation.Cancel();
        }), cancellation.Token);
        using var resumed = new Fit();
        using (FileStream file = File.OpenRead(folder.File("fit.ckpt"))) resumed.Loop.Resume(file);
        var rest = new StepRecorder();

        resumed.Loop.Run(rest);

        Assert.AreEqual(8, rest.Reports[0].Step);
        Near.AssertSameBits(Fit.Run(), resumed.Weights, "weights");
    }

    private static TrainingOptions Options(string optimizer, string clipping, string policy) => Fit.Options with
    {
        Optimizer = Optimizer.Parse(optimizer), Clipping = GradientClipping.Parse(clipping), NonFinite = NonFinitePolicy.Parse(policy),
    };

    /// <summary>The checkpoint of a fit that was cancelled after a number of steps.</summary>
    private static MemoryStream Stopped(TrainingOptions options, int steps)
    {
        using var fit = new Fit(options);
        using var cancellation = new CancellationTokenSource();
        if (steps == 0) cancellation.Cancel();
        fit.Loop.Run(new StepRecorder(report =>
        {
            if (report.Step == steps - 1) cancellation.Cancel();
        }), cancellation.Token);
        return Saved(fit.Loop);
    }

    private static MemoryStream Saved(TrainingLoop loop)
    {
        var checkpoint = new MemoryStream();
        loop.Save(checkpoint);
        checkpoint.Position = 0;
        return checkpoint;
    }
}
