using Microsoft.ML;
using MlnetClip.Search.Conclusions;
using MlnetClip.Search.Planning;
using MlnetClip.Search.Trials;

namespace MlnetClip.Search;

/// <summary>What a study found.</summary>
public sealed record ClippingStudyResult
{
    /// <summary>The recommended setting; null when nothing could be trained.</summary>
    public required GradientClipping? Recommendation { get; init; }

    /// <summary>The learning rate and batch size recommended with it, where they were searched; null when nothing could be trained.</summary>
    public required TrialSettings? RecommendedSettings { get; init; }

    /// <summary>The kind of finding.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The finding in words, for example <c>clipping helps: from norm:0.21 to norm:0.55 it does equally well</c>.</summary>
    public required string VerdictText { get; init; }

    /// <summary>The point of the lowest mean loss among those tried with all seeds; the recommendation is the middle of the plateau around it. Null when nothing could be trained.</summary>
    public required CurvePoint? Best { get; init; }

    /// <summary>The points that do as well as the best and are neighbours of it.</summary>
    public required IReadOnlyList<CurvePoint> Plateau { get; init; }

    /// <summary>Loss, its spread over seeds and the share clipped at every point tried, by increasing threshold, training without clipping last.</summary>
    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    /// <summary>How much losses differ from seed to seed, and so what the curve can tell apart; null with fewer than two settings or seeds.</summary>
    public SeedNoise? Noise => SeedNoise.Of(Curve);

    /// <summary>Every trial.</summary>
    public required IReadOnlyList<Trial> Trials { get; init; }

    /// <summary>The gradient's norm without clipping; null when the study stopped before it was measured.</summary>
    public required Calibration? Calibration { get; init; }

    /// <summary>The pipeline fitted with the recommended setting and the study's seed; null when nothing could be trained.</summary>
    public required ITransformer? BestModel { get; init; }

    /// <summary>Trials that were found finished when the study was taken up.</summary>
    public required int Resumed { get; init; }

    /// <summary>Training steps that all trials and the last fit spent; steps of processes that vanished are not known.</summary>
    public required long Steps { get; init; }

    /// <summary>Seconds that this run took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether the budget's time was over before the study was done; taking it up again goes on.</summary>
    public required bool TimeIsUp { get; init; }
}
