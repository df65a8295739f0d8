using MlnetClip.Training;

namespace MlnetClip;

/// <summary>
/// What happened over the steps of a fit, in bounded memory: each step by itself up to <see cref="MostSpans"/> steps, and spans of 2, 4, 8, ... steps beyond
/// that. A resumed fit has the steps before the resume too.
/// </summary>
/// <param name="Spans">The steps in order, without gaps.</param>
/// <param name="Parts">The parts of the gradient whose norms are in <see cref="StepSpan.PartNorms"/>; empty where the model has more than <see cref="MostParts"/> layers.</param>
/// <param name="Norms">How often the norm of the whole gradient before clipping was how large.</param>
public sealed record TrainingTrace(IReadOnlyList<StepSpan> Spans, IReadOnlyList<GradientPart> Parts, NormHistogram Norms)
{
    internal const int NormBins = 60;

    /// <summary>The largest number of spans.</summary>
    public const int MostSpans = 1024;

    /// <summary>The largest number of parts of the gradient whose norms are recorded.</summary>
    public const int MostParts = 32;

    /// <summary>The number of steps.</summary>
    public long Steps => Spans.Count == 0 ? 0 : Spans[^1].FirstStep + Spans[^1].Steps;

    /// <summary>The number of steps of a span; the last one may have fewer.</summary>
    public long StepsPerSpan => Spans.Count == 0 ? 1 : Spans[0].Steps;

    /// <summary>Two traces are equal when all their spans are.</summary>
    public bool Equals(TrainingTrace? other) => other is not null && Spans.SequenceEqual(other.Spans) && Parts.SequenceEqual(other.Parts) && Norms.Equals(other.Norms);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Spans.Count, Parts.Count, Steps);

    /// <summary>The number of steps and of spans.</summary>
    public override string ToString() => $"{Steps} steps in {Spans.Count} spans";
}
