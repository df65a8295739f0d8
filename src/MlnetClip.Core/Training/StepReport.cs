using System.Globalization;
using MlnetClip.Clipping;
using MlnetClip.Gradients;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>The figures of one training step.</summary>
/// <param name="Step">The step, from 0, counting skipped ones.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Batch">The batch within the epoch, from 0.</param>
/// <param name="Loss">Mean loss over the batch's observed targets, before the update.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="Clip">What the non-finite policy and clipping did to the gradient.</param>
public readonly record struct StepReport(long Step, int Epoch, int Batch, double Loss, float LearningRate, ClipReport Clip)
{
    private readonly GradientGroup? _gradient;
    private readonly long _measurement;

    /// <summary>The gradient of the step; its norms are this step's until the next step.</summary>
    internal GradientGroup? Gradient
    {
        init => (_gradient, _measurement) = (value, value?.Store.Measurements ?? 0);
    }

    /// <summary>Norms of the gradient by part, before and after clipping. They are already known from clipping, so this takes no pass over the elements.</summary>
    /// <param name="scope">The kind of parts.</param>
    /// <returns>A norm for each part; empty for a report that was not created by a training loop.</returns>
    /// <exception cref="InvalidOperationException">The fit is at another step: the norms are available only while the observer is called.</exception>
    public IReadOnlyList<GradientNorm> Norms(ClippingScope scope)
    {
        if (_gradient is null) return [];
        if (_gradient.Store.Measurements != _measurement)
            throw new InvalidOperationException($"The norms of step {Step} are no longer available, because the fit is at another step. Read them while the observer is called.");
        return _gradient.Norms(scope);
    }

    /// <summary>The step in a line: loss, learning rate, what happened to the gradient.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"step {Step} (epoch {Epoch}, batch {Batch}): loss {Loss:G5}, learning rate {LearningRate:G4}, {Clip}");
}
