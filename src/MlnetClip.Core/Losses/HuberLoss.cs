using System.Globalization;
using MlnetClip.Losses;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>
/// Huber's loss, PyTorch's <c>HuberLoss</c>: with d = y - target, d^2 / 2 where |d| is at most delta, delta * (|d| - delta / 2) beyond; a target
/// for each output. Text form <c>huber:1</c>.
/// </summary>
public sealed record HuberLoss : ILoss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="delta">The error at which the loss changes from quadratic to linear: above 0, finite, in the unit of the outputs; default 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is outside its range.</exception>
    public HuberLoss(float delta = 1f)
    {
        if (!(delta > 0f && float.IsFinite(delta)))
            throw new ArgumentOutOfRangeException(nameof(delta), delta, "HuberLoss: delta must be above 0 and finite.");
        Delta = delta;
    }

    /// <summary>The error at which the loss changes from quadratic to linear.</summary>
    public float Delta { get; }

    /// <inheritdoc/>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"huber:{Delta}");

    /// <inheritdoc/>
    public int TargetsFor(int outputs) => outputs;

    /// <inheritdoc/>
    public BatchSums Evaluate(
        ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> dOutputs, int outputsPerRow)
    {
        double lossSum = 0;
        for (int n = 0; n < outputs.Length; n++)
        {
            double difference = (double)outputs[n] - targets[n];
            double size = Math.Abs(difference);
            double loss = size <= Delta ? 0.5 * difference * difference : Delta * (size - 0.5 * Delta);
            lossSum += weights[n] * loss;
            if (!dOutputs.IsEmpty) dOutputs[n] = (float)(weights[n] * Math.Clamp(difference, -Delta, Delta));
        }

        return new(lossSum, LossMath.Sum(weights));
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
