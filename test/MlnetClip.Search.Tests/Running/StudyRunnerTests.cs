using System.Collections.Concurrent;
using MlnetClip.Search.Planning;
using MlnetClip.Search.Running;
using MlnetClip.Search.Spaces;
using MlnetClip.Search.TestWorker;
using MlnetClip.TestKit;

namespace MlnetClip.Search.Tests.Running;

[TestClass]
public sealed class StudyRunnerTests
{
    private static readonly SearchSpace Space = SearchSpace.Logarithmic("threshold", 0.01, 100);

    [TestMethod]
    public async Task TheResultDoesNotDependOnTheNumberOfWorkers()
    {
        string alone = await WorkerOutcome(1);

        Assert.AreEqual(alone, await WorkerOutcome(2));
        Assert.AreEqual(alone, await WorkerOutcome(4));
        StringAssert.Contains(alone, "Pruned");
        StringAssert.Contains(alone, "Failed");
        StringAssert.Contains(alone, "Complete");
    }

    [TestMethod]
    public async Task AStudyStoppedAnywhereGoesOnAsIfItHadNotBeen()
    {
        string whole = await WorkerOutcome(2);
        for (int stopAfter = 1; stopAfter < WorkerStudy.Trials; stopAfter += 5)
        {
            using var store = new InMemoryStudyStore();
            using var stop = new CancellationTokenSource();
            var stopping = new Monitor { Finished = trial => { if (trial.Number >= stopAfter) stop.Cancel(); } };
            await Assert.ThrowsAsync<OperationCanceledException>(() => RunAsync(store, Valley, new() { Workers = 2 }, stopping, stop.Token));
            await RunAsync(store, Valley, new() { Workers = 2 });

            using var reference = new InMemoryStudyStore();
            await RunAsync(reference, Valley, new());
            Assert.AreEqual(Describe(reference), Describe(store));
        }

        Assert.AreEqual(whole, await WorkerOutcome(2));
    }

    [TestMethod]
    public async Task WorkersRunAtTheSameTime()
    {
        using var both = new Barrier(2);
        using var store = new InMemoryStudyStore();

        await RunAsync(store, context => new TrialOutcome(both.SignalAndWait(Patience.Limit) ? 1 : throw new TimeoutException()), new() { Workers = 2 });

        Assert.IsTrue(store.GetTrials().All(trial => trial.State == TrialState.Complete));
    }

    [TestMethod]
    public async Task FailuresAreRecordedAndTheStudyGoesOn()
    {
        using var store = new InMemoryStudyStore();

        await RunAsync(store, context =>
        {
            switch (context.Trial.Number)
            {
                case 0: return new TrialOutcome(double.NaN);
                case 1: throw new InvalidOperationException("No such luck.");
                case 2: return new TrialOutcome(double.NegativeInfinity);
                case 3: throw new OperationCanceledException();
                case 4:
                    context.Report(1, 1);
                    context.Report(2, double.NaN);
                    Assert.IsTrue(context.ShouldPrune());
                    return new TrialOutcome(1) { Pruned = true };
                case 5:
                    context.Report(1, 1);
                    context.Report(1, 1);
                    return new TrialOutcome(1);
                default: return new TrialOutcome(context.Trial.Number);
            }
        });

        IReadOnlyList<Trial> trials = store.GetTrials();
        Assert.HasCount(WorkerStudy.Trials, trials);
        CheckFailure(trials[0], FailureKind.NonFinite, "at the end");
        CheckFailure(trials[1], FailureKind.Exception, "InvalidOperationException: No such luck.");
        CheckFailure(trials[2], FailureKind.NonFinite, "at the end");
        Assert.AreEqual(TrialState.Cancelled, trials[3].State);
        CheckFailure(trials[4], FailureKind.NonFinite, "at step 2");
        Assert.HasCount(1, trials[4].Reports);
        CheckFailure(trials[5], FailureKind.Exception, "step");
        Assert.IsTrue(trials.Skip(6).All(trial => trial.State == TrialState.Complete && trial.Value == trial.Number));
    }

    [TestMethod]
    public async Task EveryTrialMayFailAndTheStudyStillEnds()
    {
        using var store = new InMemoryStudyStore();

        await RunAsync(store, _ => throw new InvalidOperationException("Never."), new() { Workers = 3 });

        Assert.HasCount(WorkerStudy.Trials, store.GetTrials().Where(trial => trial.State == TrialState.Failed));
    }

    [TestMethod]
    public async Task ATrialThatTakesTooLongIsStopped()
    {
        using var store = new InMemoryStudyStore();
        var clock = new ManualClock();

        await RunAsync(
            store,
            context =>
            {
                if (context.Trial.Number == 1)
                {
                    clock.Expire(TimeSpan.FromSeconds(0.3));
                    context.CancellationToken.WaitHandle.WaitOne();
                    context.CancellationToken.ThrowIfCancellationRequested();
                }

                return new TrialOutcome(1);
            },
            new() { TrialTimeout = TimeSpan.FromSeconds(0.3), Grace = TimeSpan.FromSeconds(30), Clock = clock },
            new Monitor { Started = _ => clock.Resume() });

        CheckFailure(store.GetTrials()[1], FailureKind.Timeout, "0.3 seconds.");
        Assert.HasCount(WorkerStudy.Trials - 1, store.GetTrials().Where(trial => trial.State == TrialState.Complete));
    }

    [TestMethod]
    public async Task ATrialThatHangsIsLeftBehind()
    {
        using var store = new InMemoryStudyStore();
        using var release = new ManualResetEventSlim();
        var clock = new ManualClock();

        await RunAsync(
            store,
            context =>
            {
                if (context.Trial.Number == 1)
                {
                    clock.Expire(TimeSpan.FromSeconds(30));
                    release.Wait();
                }

                return new TrialOutcome(1);
            },
            new() { TrialTimeout = TimeSpan.FromSeconds(0.3), Grace = TimeSpan.FromSeconds(30), Clock = clock },
            new Monitor { Started = _ => clock.Resume() });

        release.Set();
        CheckFailure(store.GetTrials()[1], FailureKind.Timeout, "did not stop when it was cancelled");
        Assert.HasCount(WorkerStudy.Trials - 1, store.GetTrials().Where(trial => trial.State == TrialState.Complete));
    }

    [TestMethod]
    public async Task OneTrialCanBeCancelledAndTheStudyGoesOn()
    {
        using var store = new InMemoryStudyStore();
        StudyRunner? runner = null;
        var monitor = new Monitor { Reported = trial => { if (trial.Number == 2) Assert.IsTrue(runner!.CancelTrial(2)); } };
        using (runner = Make(store, Valley, new(), monitor)) await runner.RunAsync();

        Assert.IsFalse(runner.CancelTrial(2));
        Assert.AreEqual(TrialState.Cancelled, store.GetTrials()[2].State);
        Assert.IsTrue(store.GetTrials().All(trial => trial.Finished));
        Assert.HasCount(WorkerStudy.Trials, store.GetTrials());
    }

    [TestMethod]
    public async Task AStoppedStudyGivesItsTrialsBack()
    {
        using var store = new InMemoryStudyStore();
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAsync<OperationCanceledException>(() => RunAsync(
            store,
            context =>
            {
                if (context.Trial.Number == 5) stop.Cancel();
                context.CancellationToken.ThrowIfCancellationRequested();
                return new TrialOutcome(1);
            },
            cancellation: stop.Token));

        IReadOnlyList<Trial> trials = store.GetTrials();
        Assert.IsTrue(trials[5] is { State: TrialState.Waiting, Attempt: 0 });
        Assert.HasCount(5, trials.Where(trial => trial.State == TrialState.Complete));
    }

    [TestMethod]
    public async Task AMonitorThatThrowsEndsTheStudyWithItsError()
    {
        using var store = new InMemoryStudyStore();
        var monitor = new Monitor { Finished = trial => { if (trial.Number == 3) throw new FormatException("Bad monitor."); } };

        var error = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => RunAsync(store, Valley, monitor: monitor));

        Assert.IsInstanceOfType<FormatException>(error.InnerException);
        Assert.HasCount(4, store.GetTrials().Where(trial => trial.Finished));
    }

    [TestMethod]
    public async Task TheMonitorSeesEveryTrialInOrder()
    {
        using var store = new InMemoryStudyStore();
        ConcurrentQueue<string> seen = [];
        var monitor = new Monitor
        {
            Started = trial => seen.Enqueue($"+{trial.Number}"),
            Finished = trial => seen.Enqueue($"-{trial.Number}"),
        };

        await RunAsync(store, Valley, monitor: monitor);

        CollectionAssert.AreEqual(Enumerable.Range(0, WorkerStudy.Trials).SelectMany(i => new[] { $"+{i}", $"-{i}" }).ToArray(), seen.ToArray());
    }

    [TestMethod]
    public async Task OnlyExplorationIsPruned()
    {
        using var store = new InMemoryStudyStore();
        var plan = new FixedPlan(
            [new TrialRequest(TrialStage.Explore, Space.FromUnits(_ => 0.5))],
            [new TrialRequest(TrialStage.Explore, Space.FromUnits(_ => 0)), new TrialRequest(TrialStage.Confirm, Space.FromUnits(_ => 0))]);
        using var runner = new StudyRunner(store, plan, Valley, new() { Pruner = new SuccessiveHalvingPruner(1, 2) });

        await runner.RunAsync();

        CollectionAssert.AreEqual(
            new[] { TrialState.Complete, TrialState.Pruned, TrialState.Complete }, store.GetTrials().Select(trial => trial.State).ToArray());
    }

    [TestMethod]
    public void IllegalOptionsAreNamedAllAtOnce()
    {
        var options = new StudyRunnerOptions { Workers = 0, MaxAttempts = 0, Lease = TimeSpan.Zero, TrialTimeout = TimeSpan.Zero, Grace = -TimeSpan.FromSeconds(1) };

        string message = Assert.ThrowsExactly<ArgumentException>(() => Make(new InMemoryStudyStore(), Valley, options)).Message;

        foreach (var range in StudyRunnerOptions.Ranges) StringAssert.Contains(message, $"StudyRunnerOptions.{range.Option} must be");
    }

    [TestMethod]
    public async Task ARunnerRunsOnce()
    {
        using var store = new InMemoryStudyStore();
        using StudyRunner runner = Make(store, Valley);
        await runner.RunAsync();

        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => runner.RunAsync());
    }

    private static TrialOutcome Valley(TrialContext context)
    {
        double floor = Math.Abs(Math.Log10(context.Trial.Point.Number("threshold")));
        context.MaxSteps = 6;
        for (int step = 1; step <= 6; step++)
        {
            context.Report(step, floor + (1.0 / step));
            if (context.ShouldPrune()) return new TrialOutcome(floor) { Pruned = true };
        }

        return new TrialOutcome(floor);
    }

    private static async Task RunAsync(
        IStudyStore store, TrialObjective objective, StudyRunnerOptions? options = null, IStudyMonitor? monitor = null, CancellationToken cancellation = default)
    {
        using StudyRunner runner = Make(store, objective, options, monitor);
        await runner.RunAsync(cancellation);
    }

    private static StudyRunner Make(IStudyStore store, TrialObjective objective, StudyRunnerOptions? options = null, IStudyMonitor? monitor = null) =>
        new(store, new SamplerPlan(Space, new TpeSampler(startupTrials: 6), 3, WorkerStudy.Trials), objective, options, monitor);

    private static async Task<string> WorkerOutcome(int workers)
    {
        using var store = new InMemoryStudyStore();
        await WorkerStudy.RunAsync(store, workers);
        return Describe(store);
    }

    /// <summary>All that must not depend on how a study was run.</summary>
    internal static string Describe(IStudyStore store) => string.Join('\n', store.GetTrials().Select(trial =>
        $"{trial.Number} {trial.Generation} {trial.Point} {trial.State} {trial.Value:R} {trial.Failure} {string.Join(' ', trial.Reports)}"));

    private static void CheckFailure(Trial trial, FailureKind kind, string words)
    {
        Assert.AreEqual(TrialState.Failed, trial.State);
        Assert.AreEqual(kind, trial.Failure!.Kind);
        StringAssert.Contains(trial.Failure.Message, words);
    }

    private sealed class FixedPlan(params TrialRequest[][] generations) : IStudyPlan
    {
        public IReadOnlyList<TrialRequest> Next(IReadOnlyList<Trial> trials)
        {
            int next = trials.Count == 0 ? 0 : trials[^1].Generation + 1;
            return next < generations.Length ? generations[next] : [];
        }
    }

    private sealed class Monitor : IStudyMonitor
    {
        public Action<Trial>? Started { get; init; }

        public Action<Trial>? Reported { get; init; }

        public Action<Trial>? Finished { get; init; }

        public void OnTrialStarted(Trial trial) => Started?.Invoke(trial);

        public void OnTrialReported(Trial trial, TrialReport report) => Reported?.Invoke(trial);

        public void OnTrialFinished(Trial trial) => Finished?.Invoke(trial);
    }
}
