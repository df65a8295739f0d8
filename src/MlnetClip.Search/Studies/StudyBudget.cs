using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>What a study may spend. With a number of trials the result is reproducible; with times it depends on the machine.</summary>
public sealed record StudyBudget
{
    /// <summary>The longest time that can be given, about 31 years.</summary>
    internal const double LongestSeconds = 1e9;

    internal static readonly OptionRange[] Ranges =
    [
        new(nameof(MaxModelToExplore), 2, 100_000, Whole: true),
        new(nameof(TrainingTimeInSeconds), 0, LongestSeconds, MinimumLegal: false),
        new(nameof(TrialTimeInSeconds), 0, LongestSeconds, MinimumLegal: false),
        new(nameof(MaxWholeFits), 2),
    ];

    // Below as many fits too little is left for comparing to be worth it.
    private const double FewestWholeFits = 16, WholeFitsShare = 0.75;

    /// <summary>
    /// Trials at most, 2 or more, default 40: one without clipping, about half of the others with thresholds of their own, and
    /// the rest for trying the best of them again with other seeds.
    /// </summary>
    public int MaxModelToExplore { get; init; } = 40;

    /// <summary>
    /// What all trials may cost together, counted in whole fits, 2 or more: one that was stopped early counts as far as it came. Whichever
    /// of this and <see cref="MaxModelToExplore"/> is spent first ends the study; the last fit, of the recommended setting, comes on top.
    /// Default: null for three quarters of <see cref="MaxModelToExplore"/> less one for the last fit, but at least 16.
    /// </summary>
    public double? MaxWholeFits { get; init; }

    /// <summary>
    /// Seconds that all trials may take together in one run, above 0 and at most 1e9; default null for any. Half of them explore. What is running
    /// when they are over waits for the study to be resumed. The last fit, of the recommended setting, comes on top.
    /// </summary>
    public double? TrainingTimeInSeconds { get; init; }

    /// <summary>Seconds that one trial may take before it counts as failed, above 0 and at most 1e9; default null for any.</summary>
    public double? TrialTimeInSeconds { get; init; }

    /// <summary>Whole fits that the trials may cost, without the last fit.</summary>
    internal double WholeFits => MaxWholeFits ?? Math.Max(FewestWholeFits, (WholeFitsShare * MaxModelToExplore) - 1);

    internal void Check(OptionErrors errors)
    {
        errors.Check(Ranges[0], MaxModelToExplore);
        errors.Check(Ranges[1], TrainingTimeInSeconds ?? 1);
        errors.Check(Ranges[2], TrialTimeInSeconds ?? 1);
        errors.Check(Ranges[3], MaxWholeFits ?? 2);
    }
}
