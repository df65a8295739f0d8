using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>The budget of a study. With a number of trials the result is reproducible; with time limits it depends on the machine.</summary>
public sealed record StudyBudget
{
    /// <summary>The longest time limit, about 31 years.</summary>
    internal const double LongestSeconds = 1e9;

    internal static readonly OptionRange[] Ranges =
    [
        new(nameof(MaxModelToExplore), 2, 100_000, Whole: true),
        new(nameof(TrainingTimeInSeconds), 0, LongestSeconds, MinimumLegal: false),
        new(nameof(TrialTimeInSeconds), 0, LongestSeconds, MinimumLegal: false),
        new(nameof(MaxWholeFits), 2),
    ];

    // With fewer fits, too few are left for the comparison.
    private const double FewestWholeFits = 16, WholeFitsShare = 0.75;

    /// <summary>
    /// The largest number of trials, 2 or more, default 40: one without clipping, about half of the others with different thresholds, and
    /// the rest to try the best of them with other seeds.
    /// </summary>
    public int MaxModelToExplore { get; init; } = 40;

    /// <summary>
    /// The largest total of all trials in whole fits, 2 or more; a trial that was stopped early counts in part. The study ends when
    /// this or <see cref="MaxModelToExplore"/> is reached first; the last fit, of the recommended setting, is additional.
    /// Default: null for three quarters of <see cref="MaxModelToExplore"/> minus one for the last fit, but at least 16.
    /// </summary>
    public double? MaxWholeFits { get; init; }

    /// <summary>
    /// The time limit of all trials together in one run, in seconds, above 0 and at most 1e9; default null for none. Half of it is for exploration. Trials that are running
    /// when it is reached wait for the study to be resumed. The last fit, of the recommended setting, is additional.
    /// </summary>
    public double? TrainingTimeInSeconds { get; init; }

    /// <summary>The time limit of a trial in seconds, above 0 and at most 1e9; default null for none. A trial that exceeds it fails.</summary>
    public double? TrialTimeInSeconds { get; init; }

    /// <summary>The budget of the trials in whole fits, without the last fit.</summary>
    internal double WholeFits => MaxWholeFits ?? Math.Max(FewestWholeFits, (WholeFitsShare * MaxModelToExplore) - 1);

    internal void Check(OptionErrors errors)
    {
        errors.Check(Ranges[0], MaxModelToExplore);
        errors.Check(Ranges[1], TrainingTimeInSeconds ?? 1);
        errors.Check(Ranges[2], TrialTimeInSeconds ?? 1);
        errors.Check(Ranges[3], MaxWholeFits ?? 2);
    }
}
