using MlnetClip.Settings;

namespace MlnetClip.Search.Running;

/// <summary>How a <see cref="StudyRunner"/> runs trials.</summary>
public sealed record StudyRunnerOptions
{
    internal static readonly OptionRange[] Ranges =
    [
        new(nameof(Workers), 1, 1024, Whole: true),
        new(nameof(MaxAttempts), 1, Whole: true),
        new(nameof(Lease), 0, 86_400, MinimumLegal: false),
        new(nameof(TrialTimeout), 0, StudyBudget.LongestSeconds, MinimumLegal: false),
        new(nameof(Grace), 0, 86_400),
    ];

    /// <summary>The number of trials that run concurrently in this process, 1 to 1024, default 1. The result does not depend on it.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Stops exploring trials that are not promising; default none.</summary>
    public IPruner Pruner { get; init; } = new NoPruner();

    /// <summary>The time limit of a trial, above 0 and at most 1e9 seconds; null, the default, for none. With a limit, results depend on the machine.</summary>
    public TimeSpan? TrialTimeout { get; init; }

    /// <summary>How long to wait for a cancelled trial to stop, from 0 to 1 day, default 5 seconds; after that its thread is abandoned.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a claim on a trial lasts without renewal, above 0 and at most 1 day, default 30 seconds; a running process renews it
    /// three times as often. After that another process, or the same study when it is resumed, starts the trial again.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The number of attempts at a trial whose process terminates, 1 or more, default 2; after that it has failed.</summary>
    public int MaxAttempts { get; init; } = 2;

    // The clock for trials; tests use one of their own, so that they do not depend on the machine's speed.
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    internal void Check()
    {
        var errors = new OptionErrors(nameof(StudyRunnerOptions));
        errors.Check(Ranges[0], Workers);
        errors.Check(Ranges[1], MaxAttempts);
        errors.Check(Ranges[2], Lease.TotalSeconds);
        errors.Check(Ranges[3], TrialTimeout?.TotalSeconds ?? 1);
        errors.Check(Ranges[4], Grace.TotalSeconds);
        errors.ThrowIfAny();
    }
}
