using MlnetClip.Losses;
using MlnetClip.Settings;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>
/// Binary cross entropy of the sigmoid of the outputs, PyTorch's <c>BCEWithLogitsLoss</c>: for an output y and a target t,
/// max(y, 0) - y t + log(1 + exp(-|y|)), whose derivative with respect to y is sigmoid(y) - t. A target for each output: 1 for the
/// positive class, 0 for the negative one, or a probability between them. With label smoothing s the target is (1 - s) t + s / 2. Text form <c>binarycrossentropy</c>,
/// <c>binarycrossentropy:smoothing=0.1</c>.
/// </summary>
public sealed record BinaryCrossEntropyLoss : ILoss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="smoothing">Label smoothing, 0 or more and below 1; default 0 for none.</param>
    /// <exception cref="ArgumentException">The value is outside its range.</exception>
    public BinaryCrossEntropyLoss(float smoothing = 0)
    {
        var errors = new OptionErrors(nameof(BinaryCrossEntropyLoss));
        errors.Check(CrossEntropyLoss.SmoothingRange, smoothing);
        errors.ThrowIfAny();
        Smoothing = smoothing;
    }

    /// <summary>The share of each target that is spread over both classes.</summary>
    public float Smoothing { get; }

    /// <inheritdoc/>
    public string Text => SettingText.Print("binarycrossentropy", ("smoothing", Smoothing, 0));

    /// <inheritdoc/>
    public int TargetsFor(int outputs) => outputs;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">A target is not a probability.</exception>
    public BatchSums Evaluate(
        ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> dOutputs, int outputsPerRow)
    {
        double lossSum = 0;
        for (int n = 0; n < outputs.Length; n++)
        {
            double weight = weights[n];
            if (weight == 0)
            {
                if (!dOutputs.IsEmpty) dOutputs[n] = 0f;
                continue;
            }

            double y = outputs[n], target = targets[n];
            if (!(target is >= 0 and <= 1))
                throw new InvalidDataException($"BinaryCrossEntropyLoss: a target must be a probability, from 0 to 1, but is {targets[n]}.");
            if (Smoothing > 0) target = ((1 - (double)Smoothing) * target) + (Smoothing / 2.0);
            double exponential = Math.Exp(-Math.Abs(y)); // at most 1, so that nothing overflows
            lossSum += weight * (Math.Max(y, 0) - y * target + Math.Log(1 + exponential));
            double sigmoid = y >= 0 ? 1 / (1 + exponential) : exponential / (1 + exponential);
            if (!dOutputs.IsEmpty) dOutputs[n] = (float)(weight * (sigmoid - target));
        }

        return new(lossSum, LossMath.Sum(weights));
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
