using System.Collections.Concurrent;
using MlnetClip.Search.Planning;
using MlnetClip.Search.Pruners;

namespace MlnetClip.Search.Running;

/// <summary>
/// Runs a study: gets a generation from the plan, runs its trials on the workers, and repeats until the plan has no more. Requests
/// and pruning depend only on earlier generations, so the result depends neither on the number of workers
/// or of processes that share the store, nor on whether the study was stopped in between. Time-outs are the exception.
/// </summary>
public sealed class StudyRunner : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly IStudyStore _store;
    private readonly IStudyPlan _plan;
    private readonly TrialObjective _objective;
    private readonly StudyRunnerOptions _options;
    private readonly IStudyMonitor? _monitor;
    private readonly Lock _monitorLock = new();
    private readonly string _owner = $"{Environment.MachineName} {Environment.ProcessId} {Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<int, ActiveTrial> _active = [];
    private readonly CancellationTokenSource _stop = new();
    private Exception? _fault;
    private int _runs;

    /// <summary>Creates a runner.</summary>
    /// <param name="store">Stores the trials; may already contain some.</param>
    /// <param name="plan">Decides which trials come next.</param>
    /// <param name="objective">Runs one trial.</param>
    /// <param name="options">How to run; null for the defaults.</param>
    /// <param name="monitor">Is notified of trials, or null.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public StudyRunner(IStudyStore store, IStudyPlan plan, TrialObjective objective, StudyRunnerOptions? options = null, IStudyMonitor? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(objective);
        (options ??= new StudyRunnerOptions()).Check();
        (_store, _plan, _objective, _options, _monitor) = (store, plan, objective, options, monitor);
    }

    /// <summary>Runs until the plan is finished. A runner can run once; to resume a study, create another.</summary>
    /// <param name="cancellationToken">Stops the study: running trials wait again, finished ones are kept.</param>
    /// <exception cref="OperationCanceledException">The study was stopped.</exception>
    /// <exception cref="InvalidOperationException">The store or the monitor threw, or the runner has run before.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Increment(ref _runs) > 1) throw new InvalidOperationException("A study runner can run only once.");
        TimeSpan beat = _options.Lease / 3;
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(_ => _stop.Cancel(), null);
        await using var heart = new Timer(_ => Guard(RenewAll), null, beat, beat).ConfigureAwait(false);
        try
        {
            while (await AdvanceAsync().ConfigureAwait(false)) _stop.Token.ThrowIfCancellationRequested();
        }
        catch (Exception error)
        {
            if (_fault is null && error is OperationCanceledException) cancellationToken.ThrowIfCancellationRequested();
            throw new InvalidOperationException($"The study was stopped by an error outside its trials: {(_fault ?? error).Message}", _fault ?? error);
        }
    }

    /// <summary>Frees the resources of the runner, but not the store.</summary>
    public void Dispose() => _stop.Dispose();

    /// <summary>Cancels one trial that runs in this process; the study continues.</summary>
    /// <returns>False when the trial does not run in this process now.</returns>
    public bool CancelTrial(int number)
    {
        if (!_active.TryGetValue(number, out ActiveTrial? trial)) return false;
        trial.Cancel();
        return true;
    }

    /// <summary>Adds the next generation, or runs the rest of this one; false when the study is finished.</summary>
    private async Task<bool> AdvanceAsync()
    {
        IReadOnlyList<Trial> trials = _store.GetTrials();
        if (trials.All(trial => trial.Finished))
        {
            IReadOnlyList<TrialRequest> next = _plan.Next(trials);
            if (next.Count > 0) _store.TryAdd(trials.Count, next);
            return next.Count > 0;
        }

        PastTrial[] past = [.. trials.Where(trial => trial.Stage == TrialStage.Explore).Select((trial, place) => new PastTrial(place, trial.Reports))];
        bool[] worked = await Task.WhenAll(Enumerable.Range(0, _options.Workers).Select(_ => Task.Run(() => WorkAsync(trials, past)))).ConfigureAwait(false);
        // Other processes run the rest: wait for their results, or for the end of their leases.
        if (!worked.Contains(true)) await Task.Delay(Poll, _stop.Token).ConfigureAwait(false);
        return true;
    }

    /// <summary>Runs trials until there is none to claim; returns whether there was one. An error here stops the other workers too.</summary>
    private async Task<bool> WorkAsync(IReadOnlyList<Trial> trials, PastTrial[] past)
    {
        bool worked = false;
        try
        {
            while (!_stop.IsCancellationRequested && _store.TryClaim(_owner, _options.Lease, _options.MaxAttempts) is { } claim)
            {
                worked = true;
                // A number beyond those read belongs to a generation that another process has added since: read again first.
                if (claim.Trial.Number >= trials.Count)
                {
                    _store.Release(claim);
                    break;
                }

                await RunTrialAsync(claim, Earlier(claim.Trial, trials, past)).ConfigureAwait(false);
            }
        }
        catch (Exception error)
        {
            Guard(() => throw error);
        }

        return worked;
    }

    private async Task RunTrialAsync(TrialClaim claim, PruneRequest prune)
    {
        using var active = new ActiveTrial(claim, _options, _stop.Token);
        _active[claim.Trial.Number] = active;
        try
        {
            Watch(monitor => monitor.OnTrialStarted(claim.Trial));
            var context = new TrialContext(
                claim.Trial,
                trial => claim.Trial.Stage == TrialStage.Explore && _options.Pruner.ShouldPrune(prune with { Reports = trial.Reports, MaxSteps = trial.MaxSteps }),
                report => Watch(monitor => monitor.OnTrialReported(claim.Trial, report)),
                active.Token);
            Trial result = await active.RunAsync(_objective, context).ConfigureAwait(false);
            bool held = result.Finished ? _store.Finish(claim, result) : !active.Lost && _store.Release(claim);
            if (held) Watch(monitor => monitor.OnTrialFinished(result));
        }
        finally
        {
            _active.TryRemove(claim.Trial.Number, out _);
        }
    }

    /// <summary>The trials that the pruner compares a trial with: the exploration before the trial's generation.</summary>
    private static PruneRequest Earlier(Trial trial, IReadOnlyList<Trial> trials, PastTrial[] past)
    {
        Trial[] explored = [.. trials.Where(other => other.Stage == TrialStage.Explore)];
        int place = Array.FindIndex(explored, other => other.Number == trial.Number);
        IEnumerable<PastTrial> earlier = past.Where(other =>
            explored[other.Number].Generation < trial.Generation && explored[other.Number].State is TrialState.Complete or TrialState.Pruned);
        return new PruneRequest(place, [], 1, [.. earlier]);
    }

    private void RenewAll()
    {
        foreach (ActiveTrial active in _active.Values)
        {
            if (!_store.Renew(active.Claim, _options.Lease)) active.Lose();
        }
    }

    private void Watch(Action<IStudyMonitor> call)
    {
        if (_monitor is null) return;
        Guard(() =>
        {
            lock (_monitorLock) call(_monitor);
        });
    }

    /// <summary>Stops the study when something other than a trial throws an exception.</summary>
    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error)
        {
            _fault ??= error;
            _stop.Cancel();
        }
    }
}
