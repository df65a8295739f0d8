using Microsoft.ML;

namespace MlnetClip;

/// <summary>What a study found.</summary>
public sealed record ClippingStudyResult
{
    /// <summary>What the study concludes, with the evidence.</summary>
    public required StudyConclusion Conclusion { get; init; }

    /// <summary>The recommended setting; null when the study cannot tell, or nothing could be trained.</summary>
    public GradientClipping? Recommendation => RecommendedSettings?.Clipping;

    /// <summary>The recommended setting, with the learning rate and batch size where they were searched; null where <see cref="Recommendation"/> is.</summary>
    public required TrialSettings? RecommendedSettings { get; init; }

    /// <summary>The setting of <see cref="BestModel"/>: the recommended one, or the best so far when the study cannot tell; null when nothing could be trained.</summary>
    public required TrialSettings? ModelSettings { get; init; }

    /// <summary>The kind of finding.</summary>
    public StudyVerdict Verdict => Conclusion.Verdict;

    /// <summary>The finding in words, for example <c>clipping helps: from norm:0.21 to norm:0.55 it does equally well; without it the loss is 4.4% higher, over 5 seeds</c>.</summary>
    public string VerdictText => Conclusion.Text;

    /// <summary>
    /// The point of the lowest mean loss among those compared; the recommendation is the middle of the plateau around it. The best so far when the
    /// study cannot tell; null when nothing could be trained.
    /// </summary>
    public CurvePoint? Best => Conclusion.Best;

    /// <summary>The points that do as well as the best and are neighbours of it.</summary>
    public IReadOnlyList<CurvePoint> Plateau => Conclusion.Plateau;

    /// <summary>Loss, its spread over seeds and the share clipped at every point tried, by increasing threshold, training without clipping last.</summary>
    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    /// <summary>How much losses differ from seed to seed, and so what the curve can tell apart; null with fewer than two settings or seeds.</summary>
    public SeedNoise? Noise => Conclusion.Noise;

    /// <summary>Every trial.</summary>
    public required IReadOnlyList<Trial> Trials { get; init; }

    /// <summary>What the fit without clipping measured; null when the study stopped before it ended.</summary>
    public required UnclippedFit? Unclipped { get; init; }

    /// <summary>The pipeline fitted with <see cref="ModelSettings"/> and the study's seed; null when nothing could be trained.</summary>
    public required ITransformer? BestModel { get; init; }

    /// <summary>Trials that were found finished when the study was resumed.</summary>
    public required int Resumed { get; init; }

    /// <summary>Training steps that all trials and the last fit spent; steps of lost processes are not known.</summary>
    public required long Steps { get; init; }

    /// <summary>Seconds that this run took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether the budget's time was over before the study was done; it can be resumed.</summary>
    public bool TimeIsUp => Conclusion.TimeIsUp;

    /// <summary>The recommendation and the finding, in a line.</summary>
    public override string ToString() => $"{Recommendation?.ToString() ?? "nothing recommended"}: {VerdictText}";
}
