using System.Globalization;
using MlnetClip.Clipping;
using MlnetClip.Gradients;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>The figures of one training step.</summary>
/// <param name="Step">The step, from 0, counting skipped ones.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Batch">The step within the epoch, from 0: its batch, or its batches where several are added up.</param>
/// <param name="Loss">Mean loss over the observed targets of the batch or batches, before the update.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="Clip">What the non-finite policy and clipping did to the gradient.</param>
public readonly record struct StepReport(long Step, int Epoch, int Batch, double Loss, float LearningRate, ClipReport Clip)
{
    private readonly GradientGroup? _gradient;
    private readonly long _measurement;
    private readonly double[]? _timeSteps;

    /// <summary>The gradient of the step; its norms are this step's until the next step.</summary>
    internal GradientGroup? Gradient
    {
        init => (_gradient, _measurement) = (value, value?.Store.Measurements ?? 0);
    }

    /// <summary>The norms by time step of this step, until the next step; null where they were not measured.</summary>
    internal double[]? MeasuredTimeSteps
    {
        init => _timeSteps = value;
    }

    private bool IsCurrent => _gradient?.Store.Measurements == _measurement;

    /// <summary>Norms of the gradient by part, before and after clipping. They are already known from clipping, so this takes no pass over the elements.</summary>
    /// <param name="scope">The kind of parts.</param>
    /// <returns>A norm for each part; empty for a report that was not created by a training loop.</returns>
    /// <exception cref="InvalidOperationException">The fit is at another step: the norms are available only while the observer is called.</exception>
    public IReadOnlyList<GradientNorm> Norms(ClippingScope scope)
    {
        if (_gradient is null) return [];
        return IsCurrent ? _gradient.Norms(scope) : throw Gone();
    }

    /// <summary>
    /// The norm of what each time step contributed to the gradient, from the first to the last, [T]; empty where it was not measured at this step. They are
    /// measured at one step in eight when an observer asks for <see cref="FitMeasures.TimeSteps"/> or an option does.
    /// </summary>
    /// <exception cref="InvalidOperationException">The fit is at another step: the norms are available only while the observer is called.</exception>
    public ReadOnlySpan<double> TimeStepNorms => _timeSteps is not { Length: > 0 } ? [] : IsCurrent ? _timeSteps : throw Gone();

    /// <summary>The time that the step took, from its batch to the update; zero for a report that was not created by a training loop. Two reports of the same step may differ in it.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The step in a line: loss, learning rate, what happened to the gradient.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"step {Step} (epoch {Epoch}, batch {Batch}): loss {Loss:G5}, learning rate {LearningRate:G4}, {Clip}");

    private InvalidOperationException Gone() =>
        new($"The norms of step {Step} are no longer available, because the fit is at another step. Read them while the observer is called.");
}
