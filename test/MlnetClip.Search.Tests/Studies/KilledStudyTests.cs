using System.Diagnostics;
using Microsoft.ML;
using MlnetClip.Search.Stores;
using MlnetClip.Search.Tests.Running;
using MlnetClip.Search.Worker;
using MlnetClip.TestKit;

namespace MlnetClip.Search.Tests.Studies;

[TestClass]
public sealed class KilledStudyTests
{
    [TestMethod]
    public async Task KilledInMidStudyItLosesNoFinishedTrial()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("study.db");
        using (Process process = ProcessTests.Start(file, "front", "100"))
        {
            await ProcessTests.ReadUntil(process, "started", after: 5);
            process.Kill();
            await process.WaitForExitAsync();
        }

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
}
