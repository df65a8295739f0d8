using System.Diagnostics;
using MlnetClip.Search.TestWorker;
using MlnetClip.TestKit;

namespace MlnetClip.Search.Tests.Running;

/// <summary>Studies in processes that die, and in two at a time.</summary>
[TestClass]
public sealed class ProcessTests
{
    [TestMethod]
    public async Task KilledAgainAndAgainAStudyLosesNoFinishedTrial()
    {
        using var folder = new TemporaryFolder();
        string study = folder.File("study.db");
        var before = new Dictionary<int, Trial>();
        for (int kill = 1; kill <= 3; kill++)
        {
            using Process process = Start(study, "steps", "4");
            // Killed in the middle of a trial, after four more have ended.
            await ReadUntil(process, "holding");
            process.Kill();
            await process.WaitForExitAsync();

            using var killed = new SqliteStudyStore(study);
            Trial[] finished = [.. killed.GetTrials().Where(trial => trial.Finished)];
            Assert.IsGreaterThanOrEqualTo(4 * kill, finished.Length);
            foreach (Trial trial in finished)
            {
                if (before.TryGetValue(trial.Number, out Trial? earlier)) Assert.AreEqual(earlier.ToString(), trial.ToString());
                before[trial.Number] = trial;
            }
        }

        using (Process last = Start(study, "steps")) await ReadUntil(last, "done");
        using var store = new SqliteStudyStore(study);
        Assert.AreEqual(await Reference(), StudyRunnerTests.Describe(store));
        Assert.IsGreaterThan(1, store.GetTrials().Max(trial => trial.Attempt), "no trial was running when the process was killed");
    }

    [TestMethod]
    public async Task TwoProcessesShareAStudyAndTheResultIsTheSame()
    {
        using var folder = new TemporaryFolder();
        string study = folder.File("study.db");
        // Nobody dies here, so the lease is long: a slow machine must not look like a dead process.
        string[] arguments = [study, "steps", "0", "3600"];
        using Process one = Start(arguments), other = Start(arguments);
        await Task.WhenAll(ReadUntil(one, "holding"), ReadUntil(other, "holding")); // each is in the middle of a trial
        Array.ForEach([one, other], Go);
        await Task.WhenAll(ReadUntil(one, "done"), ReadUntil(other, "done"));

        using var store = new SqliteStudyStore(study);
        Assert.AreEqual(await Reference(), StudyRunnerTests.Describe(store));
        int processes = store.GetTrials().Select(trial => trial.Measure("process")).Where(process => process is not null).Distinct().Count();
        Assert.AreEqual(2, processes, "one process did all the work");
        Assert.IsTrue(store.GetTrials().All(trial => trial.Attempt == 1));
    }

    [TestMethod]
    public async Task WhenOneOfTwoProcessesDiesTheOtherTakesOver()
    {
        using var folder = new TemporaryFolder();
        string study = folder.File("study.db");
        using Process victim = Start(study, "steps", "0");
        await ReadUntil(victim, "holding");
        using Process survivor = Start(study, "steps");
        victim.Kill();
        await ReadUntil(survivor, "done");

        using var store = new SqliteStudyStore(study);
        Assert.AreEqual(await Reference(), StudyRunnerTests.Describe(store));
    }

    private static async Task<string> Reference()
    {
        using var store = new InMemoryStudyStore();
        await WorkerStudy.RunAsync(store);
        return StudyRunnerTests.Describe(store);
    }

    /// <summary>Starts a worker and lets it go.</summary>
    internal static Process Start(params string[] arguments)
    {
        Process process = Open(arguments);
        Go(process);
        return process;
    }

    private static void Go(Process process) => process.StandardInput.WriteLine();

    /// <summary>A worker that waits for <see cref="Go"/>.</summary>
    private static Process Open(params string[] arguments) => Process.Start(new ProcessStartInfo(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", typeof(WorkerStudy).Assembly.Location, .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    /// <summary>Reads the worker's lines until one begins with the word.</summary>
    internal static async Task ReadUntil(Process process, string word)
    {
        using var late = new CancellationTokenSource(Patience.Limit);
        while (await process.StandardOutput.ReadLineAsync(late.Token) is { } line)
            if (line.StartsWith(word, StringComparison.Ordinal)) return;

        Assert.Fail($"The worker ended before '{word}'.");
    }
}
