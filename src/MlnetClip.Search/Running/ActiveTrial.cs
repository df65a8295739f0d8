using System.Diagnostics;
using System.Globalization;
using MlnetClip.Clipping;

namespace MlnetClip.Search.Running;

/// <summary>A trial that runs in this process: its thread, and what may stop it.</summary>
internal sealed class ActiveTrial : IDisposable
{
    // Not disposed: an abandoned thread or a late renewal may still use it. It holds no resources.
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenRegistration _link;
    private readonly TimeSpan? _timeout;
    private readonly TimeSpan _grace;
    private readonly TimeProvider _clock;
    private volatile StopCause _cause;

    public ActiveTrial(TrialClaim claim, StudyRunnerOptions options, CancellationToken study)
    {
        (Claim, _timeout, _grace, _clock) = (claim, options.TrialTimeout, options.Grace, options.Clock);
        _link = study.UnsafeRegister(_ => _stop.Cancel(), null);
    }

    private enum StopCause
    {
        /// <summary>No trial is stopped on its own: when the token is signaled, the study stops.</summary>
        None,
        User,
        Timeout,
        Lost,
    }

    public TrialClaim Claim { get; }

    public CancellationToken Token => _stop.Token;

    /// <summary>Whether another worker has claimed the trial.</summary>
    public bool Lost => _cause == StopCause.Lost;

    public void Cancel() => Stop(StopCause.User);

    public void Lose() => Stop(StopCause.Lost);

    /// <summary>Runs the objective on its own thread and returns the trial afterwards: finished, or waiting again when the study stops.</summary>
    public async Task<Trial> RunAsync(TrialObjective objective, TrialContext context)
    {
        var watch = Stopwatch.StartNew();
        Task<TrialOutcome> run = Task.Factory.StartNew(
            () => objective(context), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        bool ended = await EndsAsync(run).ConfigureAwait(false);
        Trial trial = context.Snapshot() with { Seconds = watch.Elapsed.TotalSeconds };
        if (ended && run.IsCompletedSuccessfully) return Ended(trial, run.Result, context.NonFiniteStep);
        Exception? error = ended ? run.Exception?.InnerException : null;
        switch (_cause)
        {
            case StopCause.Timeout:
                string deaf = ended ? "" : " and did not stop when it was cancelled";
                return Failed(trial, FailureKind.Timeout, string.Create(CultureInfo.InvariantCulture, $"It took longer than {_timeout!.Value.TotalSeconds:0.###} seconds{deaf}."));
            case StopCause.User:
                return trial with { State = TrialState.Cancelled };
            case StopCause.Lost:
            case StopCause.None when Token.IsCancellationRequested:
                return Claim.Trial with { State = TrialState.Waiting, Attempt = Claim.Trial.Attempt - 1 };
            default:
                return error switch
                {
                    null or OperationCanceledException => trial with { State = TrialState.Cancelled },
                    TrainingDivergedException => Failed(trial, FailureKind.NonFinite, error.Message),
                    TrialFailedException failure => Failed(trial, failure.Kind, failure.Message),
                    _ => Failed(trial, FailureKind.Exception, $"{error.GetType().Name}: {error.Message}"),
                };
        }
    }

    public void Dispose() => _link.Dispose();

    private static Trial Ended(Trial trial, TrialOutcome outcome, int? nonFiniteStep)
    {
        if (nonFiniteStep is { } step) return Failed(trial, FailureKind.NonFinite, $"The value at step {step} was not finite.");
        if (outcome.Pruned && trial.Reports.Count > 0) return trial with { State = TrialState.Pruned, Value = trial.Reports[^1].Value };
        return double.IsFinite(outcome.Value)
            ? trial with { State = TrialState.Complete, Value = outcome.Value }
            : Failed(trial, FailureKind.NonFinite, "The value at the end was not finite.");
    }

    private static Trial Failed(Trial trial, FailureKind kind, string message) =>
        trial with { State = TrialState.Failed, Failure = new TrialFailure(kind, message) };

    private void Stop(StopCause cause)
    {
        if (_cause == StopCause.None) _cause = cause;
        _stop.Cancel();
    }

    /// <summary>Waits for the run; false when it was cancelled and did not stop within the grace period.</summary>
    private async Task<bool> EndsAsync(Task run)
    {
        if (_timeout is { } timeout && await Task.WhenAny(run, LongDelay.For(timeout, _clock, Token)).ConfigureAwait(false) != run) Stop(StopCause.Timeout);
        await Task.WhenAny(run, Task.Delay(Timeout.Infinite, Token)).ConfigureAwait(false);
        return run.IsCompleted || await Task.WhenAny(run, Task.Delay(_grace, _clock)).ConfigureAwait(false) == run;
    }
}
