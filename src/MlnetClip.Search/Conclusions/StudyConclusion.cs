using MlnetClip.Search.Conclusions;

namespace MlnetClip;

/// <summary>What a study concludes from its curve, and the evidence for it.</summary>
public sealed record StudyConclusion
{
    /// <summary>The kind of finding.</summary>
    public required StudyVerdict Verdict { get; init; }

    /// <summary>What is missing for a verdict; null unless it is <see cref="StudyVerdict.CannotTell"/>.</summary>
    public CannotTellReason? Reason { get; init; }

    /// <summary>The recommended point; null when the study cannot tell, or nothing was trained.</summary>
    public CurvePoint? Recommended { get; init; }

    /// <summary>Why it is recommended; null where nothing is.</summary>
    public RecommendationBasis? Basis { get; init; }

    /// <summary>The point of the lowest mean loss among those compared, or the best so far when the study cannot tell; null when nothing was trained.</summary>
    public CurvePoint? Best { get; init; }

    /// <summary>The best and its neighbours that do as well, by increasing threshold.</summary>
    public IReadOnlyList<CurvePoint> Plateau { get; init; } = [];

    /// <summary>Training without clipping; null where it was not tried.</summary>
    public CurvePoint? Unclipped { get; init; }

    /// <summary>The clipped setting that it was compared with, the best one; null where nothing was compared.</summary>
    public CurvePoint? Clipped { get; init; }

    /// <summary>The seeds that both sides of the comparison ended with; 0 where nothing was compared.</summary>
    public int Seeds { get; init; }

    /// <summary>
    /// By how much the loss of training without clipping is above that of <see cref="Clipped"/>, as a share of the latter, over the
    /// seeds of both; below 0 where it is less, NaN where nothing was compared or training diverged.
    /// </summary>
    public double UnclippedAbove { get; init; } = double.NaN;

    /// <summary>
    /// The noise between seeds, by whose <see cref="SeedNoise.Resolution"/> the verdict goes: that of the settings tried with every seed, or that of the two
    /// compared where it is larger. Null with fewer than two settings or seeds.
    /// </summary>
    public SeedNoise? Noise { get; init; }

    /// <summary>The least threshold from which on everything tried diverged; infinity where only training without clipping did; null where that did not.</summary>
    public double? DivergesFrom { get; init; }

    /// <summary>How trials failed that a verdict would have needed; empty where there is a verdict.</summary>
    public IReadOnlyList<FailureCount> Failures { get; init; } = [];

    /// <summary>Whether the time was over before the study was done.</summary>
    public bool TimeIsUp { get; init; }

    /// <summary>The finding in words.</summary>
    public string Text => ConclusionText.OfVerdict(this);

    /// <summary>Why the recommended setting is not the one of the lowest loss, and what it does to most steps, in words; empty where there is nothing to explain.</summary>
    public string RecommendationText => ConclusionText.OfRecommendation(this);
}
