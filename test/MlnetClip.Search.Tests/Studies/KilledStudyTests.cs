using System.Diagnostics;
using Microsoft.ML;
using MlnetClip.Search.Tests.Running;
using MlnetClip.Search.TestWorker;
using MlnetClip.TestKit;

namespace MlnetClip.Search.Tests.Studies;

[TestClass]
public sealed class KilledStudyTests
{
    [TestMethod]
    public async Task KilledAgainAndAgainInTheCalibrationItStillCalibrates()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("study.db");
        for (int kill = 0; kill < 3; kill++) await KillAfter(file, finished: 0);

        var mlContext = new MLContext(seed: 1);
        ClippingStudyResult resumed = FrontStudy.Create(mlContext, options => options with { StoragePath = file }).Run(FrontStudy.Series(mlContext));

        Assert.AreEqual(4, resumed.Trials[0].Attempt);
        Assert.AreEqual(TrialState.Complete, resumed.Trials[0].State);
        Assert.AreEqual(Describe.All(FrontStudy.Create(mlContext).Run(FrontStudy.Series(mlContext))), Describe.All(resumed));
    }

    [TestMethod]
    public async Task KilledInMidStudyItLosesNoFinishedTrial()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("study.db");
        await KillAfter(file, finished: 5);

        int finished;
        using (var store = new SqliteStudyStore(file)) finished = store.GetTrials().Count(trial => trial.Finished);
        Assert.IsGreaterThanOrEqualTo(5, finished);

        var mlContext = new MLContext(seed: 1);
        ClippingStudyResult whole = FrontStudy.Create(mlContext).Run(FrontStudy.Series(mlContext));
        ClippingStudyResult resumed = FrontStudy.Create(mlContext, options => options with { StoragePath = file }).Run(FrontStudy.Series(mlContext));

        Assert.AreEqual(finished, resumed.Resumed);
        Assert.AreEqual(Describe.All(whole), Describe.All(resumed));
        Assert.AreEqual(2, resumed.Trials.Max(trial => trial.Attempt), "a trial ran when the process was killed");
    }

    /// <summary>Runs the study in a process of its own, and kills it in the middle of a trial, after some others have finished.</summary>
    private static async Task KillAfter(string file, int finished)
    {
        using Process process = ProcessTests.Start(file, "front", $"{finished}");
        await ProcessTests.ReadUntil(process, "holding");
        process.Kill();
        await process.WaitForExitAsync();
    }
}
