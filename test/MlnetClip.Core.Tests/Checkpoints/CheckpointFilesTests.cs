using MlnetClip.Core.Tests.Training;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Checkpoints;

/// <summary>When a fit writes its checkpoints, how many it keeps, and what it does when one is damaged or cannot be written.</summary>
[TestClass]
public sealed class CheckpointFilesTests
{
    [TestMethod]
    [DataRow("1epoch", new[] { 5L, 10, 15 })]
    [DataRow("2epochs", new[] { 10L, 15 })]
    [DataRow("4steps", new[] { 4L, 8, 12, 15 })]
    [DataRow("1step", new[] { 1L, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15 })]
    [DataRow("0.0000001seconds", new[] { 1L, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15 })]
    [DataRow("100minutes", new[] { 15L })]
    public void AreWrittenWhenTheyAreDue(string interval, long[] expected)
    {
        using var folder = new TemporaryFolder();
        using var fit = new Fit(Fit.Options with { CheckpointPath = folder.File("fit.ckpt"), CheckpointInterval = CheckpointInterval.Parse(interval) });
        var observer = new Checkpoints();
        fit.Loop.Run(observer);
        CollectionAssert.AreEqual(expected, observer.Reports.Select(report => report.Steps).ToArray());
        Assert.IsTrue(observer.Reports.All(report => report.Error is null && report.Path == folder.File("fit.ckpt")));
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    [DataRow("1epoch", "1epoch")]
    [DataRow("5epochs", "5epochs")]
    [DataRow("500steps", "500steps")]
    [DataRow("10minutes", "10minutes")]
    [DataRow("600seconds", "10minutes")]
    [DataRow("0.5minutes", "30seconds")]
    [DataRow("1step", "1step")]
    [DataRow("1.5seconds", "1.5seconds")]
    public void AnIntervalHasATextForm(string text, string printed)
    {
        Assert.AreEqual(printed, CheckpointInterval.Parse(text).ToString());
        Assert.AreEqual(CheckpointInterval.Parse(text), CheckpointInterval.Parse(printed));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("5")]
    [DataRow("epochs")]
    [DataRow("0steps")]
    [DataRow("1.5epochs")]
    [DataRow("-1minutes")]
    [DataRow("5hours")]
    [DataRow("1e12seconds")]
    [DataRow("99999999999minutes")]
    public void AnIllegalIntervalIsRefused(string text) => Assert.AreEqual(
        $"must be a number of epochs, steps, minutes or seconds, such as 5epochs, 500steps, 10minutes or 30seconds, but was '{text}'.",
        Assert.ThrowsExactly<FormatException>(() => CheckpointInterval.Parse(text)).Message);

    [TestMethod]
    public void FactoriesRefuseWhatIsOutsideTheRange()
    {
        Assert.StartsWith("CheckpointInterval.EveryEpochs.epochs must be", Assert.ThrowsExactly<ArgumentException>(() => CheckpointInterval.EveryEpochs(0)).Message);
        Assert.StartsWith("CheckpointInterval.EverySteps.steps must be", Assert.ThrowsExactly<ArgumentException>(() => CheckpointInterval.EverySteps(0)).Message);
        Assert.StartsWith("CheckpointInterval.Every.seconds must be", Assert.ThrowsExactly<ArgumentException>(() => CheckpointInterval.Every(TimeSpan.Zero)).Message);
    }

    [TestMethod]
    public void TheLastOnesAreKept()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("fit.ckpt");
        Train(path, kept: 3);
        Assert.AreSequenceEqual(["fit.ckpt", "fit.ckpt.1", "fit.ckpt.2"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());
        long[] steps = [.. new[] { path, $"{path}.1", $"{path}.2" }.Select(file =>
        {
            using var fit = new Fit();
            using FileStream stream = File.OpenRead(file);
            return fit.Loop.Resume(stream).Steps;
        })];
        CollectionAssert.AreEqual(new[] { 14L, 12, 10 }, steps);
    }

    [TestMethod]
    [DataRow(1, 12)]
    [DataRow(2, 10)]
    public void WhereTheNewestAreDamagedTheOneBeforeThemIsUsed(int damaged, int expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("fit.ckpt");
        Train(path, kept: 3);
        for (int age = 0; age < damaged; age++) Damage(age == 0 ? path : $"{path}.{age}");

        using var resumed = new Fit();
        ResumePoint point = resumed.Loop.Resume(path)!;
        Assert.AreEqual(expected, point.Steps);
        Assert.HasCount(damaged, point.Damaged);
        Assert.StartsWith($"{path}: ", point.Damaged[0]);
        var observer = new Checkpoints();
        TrainingResult result = resumed.Loop.Run(observer);
        Assert.AreSame(point, result.Resumed);
        Assert.AreSame(point, observer.Begun!.Resumed);
        Near.AssertSameBits(Fit.Run(), resumed.Weights, "weights");
    }

    [TestMethod]
    public void WhereAllAreDamagedTheFitIsRefusedAndUnchanged()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("fit.ckpt");
        Train(path, kept: 2);
        Damage(path);
        Damage($"{path}.1");
        using var fit = new Fit();
        Assert.Throws<InvalidDataException>(() => fit.Loop.Resume(path));
        fit.Loop.Run();
        Near.AssertSameBits(Fit.Run(), fit.Weights, "weights");
    }

    [TestMethod]
    public void ACheckpointOfAnotherFitIsNoDamagedOne()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("fit.ckpt");
        Train(path, kept: 2);
        using var other = new Fit(Fit.Options with { BatchSize = 4 });
        Assert.Contains("belongs to another fit", Assert.Throws<InvalidDataException>(() => other.Loop.Resume(path)).Message);
    }

    [TestMethod]
    public void BetweenTwoRenamesTheOneBeforeIsUsed()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("fit.ckpt");
        Train(path, kept: 2);
        File.Move(path, $"{path}.1", overwrite: true);
        using var fit = new Fit(Fit.Options with { CheckpointPath = path, KeptCheckpoints = 2 });
        Assert.AreEqual(14, fit.Loop.Resume(path)!.Steps);
        fit.Loop.Run();
        Assert.IsTrue(File.Exists(path) && File.Exists($"{path}.1"));
        Near.AssertSameBits(Fit.Run(), fit.Weights, "weights");
    }

    [TestMethod]
    public void WithoutACheckpointNothingIsResumed()
    {
        using var folder = new TemporaryFolder();
        using var fit = new Fit();
        Assert.IsNull(fit.Loop.Resume(folder.File("fit.ckpt")));
    }

    [TestMethod]
    public void OneThatCannotBeWrittenIsReportedAndTheFitGoesOn()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("fit.ckpt");
        using var fit = new Fit(Fit.Options with { CheckpointPath = path, CheckpointInterval = CheckpointInterval.EverySteps(3), KeptCheckpoints = 2 });
        var observer = new Checkpoints(step =>
        {
            // From step 5 on a folder is in the way of the newest file; the files that there are stay as they were.
            if (step != 5) return;
            File.Move(path, $"{path}.1", overwrite: true);
            Directory.CreateDirectory(path);
        });
        fit.Loop.Run(observer);
        Assert.AreEqual(3, observer.Reports.Single(report => report.Error is null).Steps);
        Assert.IsGreaterThan(2, observer.Reports.Count(report => report.Error is not null));
        Near.AssertSameBits(Fit.Run(), fit.Weights, "weights");
        Directory.Delete(path);
        using var resumed = new Fit();
        Assert.AreEqual(3, resumed.Loop.Resume(path)!.Steps);
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }

    /// <summary>A fit that is stopped after step 14, with a checkpoint after every second step.</summary>
    private static void Train(string path, int kept)
    {
        using var fit = new Fit(Fit.Options with { CheckpointPath = path, KeptCheckpoints = kept, CheckpointInterval = CheckpointInterval.EverySteps(2) });
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => fit.Loop.Run(new Checkpoints(step =>
        {
            if (step == 13) throw new OperationCanceledException();
        })));
    }

    private static void Damage(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private sealed class Checkpoints(Action<long>? onStep = null) : IFitObserver
    {
        public List<CheckpointReport> Reports { get; } = [];

        public FitDescription? Begun { get; private set; }

        public void OnFitBegun(FitDescription fit) => Begun = fit;

        public void OnStep(in StepReport report) => onStep?.Invoke(report.Step);

        public void OnCheckpoint(CheckpointReport report) => Reports.Add(report);
    }
}
