using Microsoft.ML;

namespace MlnetClip;

/// <summary>The result of a study.</summary>
public sealed record ClippingStudyResult
{
    /// <summary>The conclusion of the study, with the evidence.</summary>
    public required StudyConclusion Conclusion { get; init; }

    /// <summary>The recommended setting; null when the study cannot tell, or nothing could be trained.</summary>
    public GradientClipping? Recommendation => RecommendedSettings?.Clipping;

    /// <summary>The recommended setting, with the learning rate and batch size if they were searched; null if <see cref="Recommendation"/> is null.</summary>
    public required TrialSettings? RecommendedSettings { get; init; }

    /// <summary>The setting of <see cref="BestModel"/>: the recommended one, or the best so far when the study cannot tell; null when nothing could be trained.</summary>
    public required TrialSettings? ModelSettings { get; init; }

    /// <summary>The kind of finding.</summary>
    public StudyVerdict Verdict => Conclusion.Verdict;

    /// <summary>The finding in words, for example <c>clipping helps: all settings from norm:0.21 to norm:0.55 do equally well; without it the loss is 4.4% higher, over 5 seeds</c>.</summary>
    public string VerdictText => Conclusion.Text;

    /// <summary>
    /// The point with the lowest mean loss among those compared; the recommendation is the middle of the plateau around it. The best so far when the
    /// study cannot tell; null when nothing could be trained.
    /// </summary>
    public CurvePoint? Best => Conclusion.Best;

    /// <summary>The best point and its neighbors that do as well.</summary>
    public IReadOnlyList<CurvePoint> Plateau => Conclusion.Plateau;

    /// <summary>The loss, its spread over seeds and the share of clipped steps at every point, sorted by increasing threshold; training without clipping is last.</summary>
    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    /// <summary>How much losses differ between seeds, which limits the differences that the curve can show; null with fewer than two settings or seeds.</summary>
    public SeedNoise? Noise => Conclusion.Noise;

    /// <summary>Every trial.</summary>
    public required IReadOnlyList<Trial> Trials { get; init; }

    /// <summary>The measurements of the fit without clipping; null when the study stopped before it finished.</summary>
    public required UnclippedFit? Unclipped { get; init; }

    /// <summary>The pipeline fitted with <see cref="ModelSettings"/> and the study's seed; null when nothing could be trained.</summary>
    public required ITransformer? BestModel { get; init; }

    /// <summary>The number of trials that were already finished when the study was resumed.</summary>
    public required int Resumed { get; init; }

    /// <summary>The number of training steps of all trials and the last fit, without the steps of lost processes.</summary>
    public required long Steps { get; init; }

    /// <summary>The duration of this run in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether the time of the budget ran out before the study was finished; it can be resumed.</summary>
    public bool TimeIsUp => Conclusion.TimeIsUp;

    /// <summary>The recommendation and the finding, in one line.</summary>
    public override string ToString() => $"{Recommendation?.ToString() ?? "nothing recommended"}: {VerdictText}";
}
