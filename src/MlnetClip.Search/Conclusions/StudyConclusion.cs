using MlnetClip.Search.Conclusions;

namespace MlnetClip;

/// <summary>What a study concludes from its curve, and the evidence for it.</summary>
public sealed record StudyConclusion
{
    /// <summary>The kind of finding.</summary>
    public required StudyVerdict Verdict { get; init; }

    /// <summary>What is missing for a verdict; null unless the verdict is <see cref="StudyVerdict.CannotTell"/>.</summary>
    public CannotTellReason? Reason { get; init; }

    /// <summary>The recommended point; null when the study cannot tell, or nothing was trained.</summary>
    public CurvePoint? Recommended { get; init; }

    /// <summary>Why it is recommended; null when nothing is recommended.</summary>
    public RecommendationBasis? Basis { get; init; }

    /// <summary>The point with the lowest mean loss among those compared, or the best so far when the study cannot tell; null when nothing was trained.</summary>
    public CurvePoint? Best { get; init; }

    /// <summary>The best point and its neighbors that do as well, by increasing threshold.</summary>
    public IReadOnlyList<CurvePoint> Plateau { get; init; } = [];

    /// <summary>Training without clipping; null where it was not tried.</summary>
    public CurvePoint? Unclipped { get; init; }

    /// <summary>The best clipped setting, with which it was compared; null when nothing was compared.</summary>
    public CurvePoint? Clipped { get; init; }

    /// <summary>The number of seeds with which both sides of the comparison finished; 0 when nothing was compared.</summary>
    public int Seeds { get; init; }

    /// <summary>
    /// By how much the loss of training without clipping is above that of <see cref="Clipped"/>, as a share of the latter, over the
    /// seeds of both; negative where it is lower, NaN when nothing was compared or training diverged.
    /// </summary>
    public double UnclippedAbove { get; init; } = double.NaN;

    /// <summary>
    /// The noise between seeds, whose <see cref="SeedNoise.Resolution"/> the verdict is based on: that of the settings tried with every seed, or that of the two
    /// compared if it is larger. Null with fewer than two settings or seeds.
    /// </summary>
    public SeedNoise? Noise { get; init; }

    /// <summary>The smallest threshold from which everything tried diverged; infinity when only training without clipping did; null when that did not.</summary>
    public double? DivergesFrom { get; init; }

    /// <summary>The failures of trials that a verdict would have needed; empty when there is a verdict.</summary>
    public IReadOnlyList<FailureCount> Failures { get; init; } = [];

    /// <summary>Whether the time ran out before the study was finished.</summary>
    public bool TimeIsUp { get; init; }

    /// <summary>The finding in words.</summary>
    public string Text => ConclusionText.OfVerdict(this);

    /// <summary>Explains why the recommended setting is not the one with the lowest loss, and what it does to most steps; empty if there is nothing to explain.</summary>
    public string RecommendationText => ConclusionText.OfRecommendation(this);

    /// <summary>The finding in words.</summary>
    public override string ToString() => Text;
}
