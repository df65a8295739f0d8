using MlnetClip.Losses;
using MlnetClip.Settings;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>
/// Cross entropy of the softmax of the outputs, PyTorch's <c>CrossEntropyLoss</c> with class indices: - log softmax(y)[target] per row. Each row has one target,
/// the index of its class from 0 to O - 1. With label smoothing s the target is 1 - s of that class and s / O of each class. Text form <c>crossentropy</c>,
/// <c>crossentropy:smoothing=0.1</c>.
/// </summary>
public sealed record CrossEntropyLoss : ILoss
{
    internal static readonly OptionRange SmoothingRange = new(nameof(Smoothing), 0, 1, MaximumLegal: false);

    /// <summary>Creates the loss.</summary>
    /// <param name="smoothing">Label smoothing, 0 or more and below 1; default 0 for none.</param>
    /// <exception cref="ArgumentException">The value is outside its range.</exception>
    public CrossEntropyLoss(float smoothing = 0)
    {
        var errors = new OptionErrors(nameof(CrossEntropyLoss));
        errors.Check(SmoothingRange, smoothing);
        errors.ThrowIfAny();
        Smoothing = smoothing;
    }

    /// <summary>The share of each target that is spread over all classes.</summary>
    public float Smoothing { get; }

    /// <inheritdoc/>
    public string Text => SettingText.Print("crossentropy", ("smoothing", Smoothing, 0));

    /// <inheritdoc/>
    /// <remarks>1: the index of a class.</remarks>
    public int TargetsFor(int outputs) => outputs >= 2
        ? 1
        : throw new ArgumentException($"CrossEntropyLoss: the model must have at least 2 outputs, one for each class, but has {outputs}.", nameof(outputs));

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">A target is not the index of a class.</exception>
    public BatchSums Evaluate(
        ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> dOutputs, int outputsPerRow)
    {
        double lossSum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            var y = outputs.Slice(row * outputsPerRow, outputsPerRow);
            Span<float> dY = dOutputs.IsEmpty ? [] : dOutputs.Slice(row * outputsPerRow, outputsPerRow);
            double weight = weights[row];
            if (weight == 0)
            {
                dY.Clear();
                continue;
            }

            int target = (int)targets[row];
            if ((uint)target >= (uint)outputsPerRow || target != targets[row])
                throw new InvalidDataException($"CrossEntropyLoss: a target must be the index of a class, from 0 to {outputsPerRow - 1}, but is {targets[row]}.");
            double largest = LossMath.Max(y), exponentials = 0;
            foreach (float value in y) exponentials += Math.Exp(value - largest);
            double logSum = largest + Math.Log(exponentials);
            double sharp = 1 - (double)Smoothing, spread = (double)Smoothing / outputsPerRow;
            lossSum += weight * (logSum - (sharp * y[target]) - (spread == 0 ? 0 : spread * LossMath.Sum(y)));
            for (int n = 0; n < dY.Length; n++) dY[n] = (float)(weight * (Math.Exp(y[n] - logSum) - (n == target ? sharp + spread : spread)));
        }

        return new(lossSum, LossMath.Sum(weights));
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
