using System.Globalization;
using MlnetClip.Losses;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>
/// The pinball loss of quantiles (Koenker and Bassett 1978): with d = target - y, <c>max(q d, (q - 1) d)</c>, averaged over the quantiles of a
/// target. Each target has one output per quantile, in their order. Text form <c>pinball:0.1,0.5,0.9</c>.
/// </summary>
public sealed record PinballLoss : ILoss
{
    private readonly double[] _quantiles;

    /// <summary>Creates the loss.</summary>
    /// <param name="quantiles">The quantile levels, at least one, each above 0 and below 1, in ascending order without repetition.</param>
    /// <exception cref="ArgumentException">A level is outside its range, or they are not in ascending order.</exception>
    public PinballLoss(params ReadOnlySpan<float> quantiles)
    {
        if (ProblemWith(quantiles) is { } problem) throw new ArgumentException($"PinballLoss: the quantiles {problem}.", nameof(quantiles));
        Quantiles = quantiles.ToArray();
        _quantiles = [.. Quantiles.Select(quantile => (double)(decimal)quantile)]; // 0.1f means 0.1
    }

    /// <summary>The quantile levels, in ascending order.</summary>
    public IReadOnlyList<float> Quantiles { get; }

    /// <inheritdoc/>
    public string Text => $"pinball:{string.Join(',', Quantiles.Select(quantile => quantile.ToString(CultureInfo.InvariantCulture)))}";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The outputs are not a multiple of the quantiles.</exception>
    public int TargetsFor(int outputs) => outputs % _quantiles.Length == 0
        ? outputs / _quantiles.Length
        : throw new ArgumentException($"PinballLoss: the number of outputs must be a multiple of the {_quantiles.Length} quantiles, but is {outputs}.", nameof(outputs));

    /// <inheritdoc/>
    public BatchSums Evaluate(
        ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> dOutputs, int outputsPerRow)
    {
        double lossSum = 0;
        int Q = _quantiles.Length;
        for (int n = 0; n < targets.Length; n++)
        {
            double weight = (double)weights[n] / Q;
            for (int k = 0; k < Q; k++)
            {
                double difference = (double)targets[n] - outputs[(n * Q) + k], q = _quantiles[k];
                double slope = weight == 0 || difference == 0 ? 0 : double.IsNaN(difference) ? double.NaN : difference > 0 ? -q : 1 - q; // with respect to the output
                if (slope != 0) lossSum -= weight * slope * difference;
                if (!dOutputs.IsEmpty) dOutputs[(n * Q) + k] = (float)(weight * slope);
            }
        }

        return new(lossSum, LossMath.Sum(weights));
    }

    /// <summary>What is wrong with quantile levels, as the end of a sentence that begins with them; null when they are legal.</summary>
    public static string? ProblemWith(ReadOnlySpan<float> quantiles)
    {
        if (quantiles.IsEmpty) return "must be at least one";
        for (int i = 0; i < quantiles.Length; i++)
        {
            if (!(quantiles[i] > 0 && quantiles[i] < 1)) return string.Create(CultureInfo.InvariantCulture, $"must each be above 0 and below 1, but one is {quantiles[i]}");
            if (i > 0 && quantiles[i] <= quantiles[i - 1])
                return string.Create(CultureInfo.InvariantCulture, $"must be in ascending order without repetition, but {quantiles[i]} follows {quantiles[i - 1]}");
        }

        return null;
    }

    /// <inheritdoc/>
    public bool Equals(PinballLoss? other) => other is not null && Quantiles.SequenceEqual(other.Quantiles);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
