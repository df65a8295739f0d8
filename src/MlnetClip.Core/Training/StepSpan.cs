using System.Globalization;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>The figures of consecutive training steps. The smallest and the largest of each figure are kept, so that no spike is lost.</summary>
/// <param name="FirstStep">The first step, from 0, counting skipped ones.</param>
/// <param name="Steps">The number of steps, 1 or more.</param>
public sealed record StepSpan(long FirstStep, long Steps)
{
    /// <summary>Steps whose gradient was finite.</summary>
    public long FiniteSteps { get; init; }

    /// <summary>Steps whose gradient held a NaN or an infinity.</summary>
    public long NonFiniteSteps => Steps - FiniteSteps;

    /// <summary>Finite steps whose gradient a rule changed.</summary>
    public long ClippedSteps { get; init; }

    /// <summary>Finite steps that a rule skipped as spikes.</summary>
    public long RefusedSteps { get; init; }

    /// <summary>Share of the finite steps whose gradient was changed; 0 when there was none.</summary>
    public double ShareClipped => FiniteSteps == 0 ? 0 : (double)ClippedSteps / FiniteSteps;

    /// <summary>Loss of the steps, without losses that are not finite.</summary>
    public FigureRange Loss { get; init; } = FigureRange.None;

    /// <summary>Norm of the whole gradient before clipping, over finite steps.</summary>
    public FigureRange NormBefore { get; init; } = FigureRange.None;

    /// <summary>Norm of the whole gradient after clipping, over finite steps with an update.</summary>
    public FigureRange NormAfter { get; init; } = FigureRange.None;

    /// <summary>Threshold in force (<see cref="ClipReport.Threshold"/>), over the steps that had a finite one.</summary>
    public FigureRange Threshold { get; init; } = FigureRange.None;

    /// <summary>Learning rate.</summary>
    public FigureRange LearningRate { get; init; } = FigureRange.None;

    /// <summary>Root mean square over the finite steps of the norm of each of <see cref="TrainingTrace.Parts"/> before clipping; NaN when there was none.</summary>
    public IReadOnlyList<double> PartNorms { get; init; } = [];

    /// <summary>Two spans are equal when all their figures are.</summary>
    public bool Equals(StepSpan? other) => other is not null && Figures.Equals(other.Figures) && PartNorms.SequenceEqual(other.PartNorms);

    /// <inheritdoc/>
    public override int GetHashCode() => Figures.GetHashCode();

    private (long, long, long, long, long, FigureRange, FigureRange, FigureRange, FigureRange, FigureRange) Figures =>
        (FirstStep, Steps, FiniteSteps, ClippedSteps, RefusedSteps, Loss, NormBefore, NormAfter, Threshold, LearningRate);

    /// <summary>The steps in a line: loss, gradient norm, how many were clipped.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Steps} steps from {FirstStep}: loss {Loss}, gradient norm {NormBefore}, {ClippedSteps} clipped, {NonFiniteSteps} not finite");
}
