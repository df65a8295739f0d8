using MlnetClip.Settings;

namespace MlnetClip.Search;

/// <summary>What a study may spend. Trials give a result that can be repeated; times depend on the machine.</summary>
public sealed record StudyBudget
{
    internal static readonly OptionRange[] Ranges =
    [
        new(nameof(MaxModelToExplore), 2, 100_000, Whole: true),
        new(nameof(TrainingTimeInSeconds), 0, MinimumLegal: false),
        new(nameof(TrialTimeInSeconds), 0, MinimumLegal: false),
    ];

    /// <summary>
    /// Trials in all, 2 or more, default 40: one without clipping, about half of the others with thresholds of their own, and
    /// the rest for trying the best of them again with other seeds.
    /// </summary>
    public int MaxModelToExplore { get; init; } = 40;

    /// <summary>
    /// Seconds that all trials may take together in one run, above 0; default null for any. Half of them explore. What is running
    /// when they are over waits for the study to be taken up again. The last fit, of the recommended setting, comes on top.
    /// </summary>
    public double? TrainingTimeInSeconds { get; init; }

    /// <summary>Seconds that one trial may take before it counts as failed, above 0; default null for any.</summary>
    public double? TrialTimeInSeconds { get; init; }

    internal void Check(OptionErrors errors)
    {
        errors.Check(Ranges[0], MaxModelToExplore);
        errors.Check(Ranges[1], TrainingTimeInSeconds ?? 1);
        errors.Check(Ranges[2], TrialTimeInSeconds ?? 1);
    }
}
