using MlnetClip.Losses;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>Mean squared error, PyTorch's <c>MSELoss</c>: (y - target)^2 per observed target, a target for each output. Text form <c>mse</c>.</summary>
public sealed record MseLoss : ILoss
{
    /// <inheritdoc/>
    public string Text => "mse";

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
            lossSum += weights[n] * difference * difference;
            if (!dOutputs.IsEmpty) dOutputs[n] = (float)(2 * weights[n] * difference);
        }

        return new(lossSum, LossMath.Sum(weights));
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
