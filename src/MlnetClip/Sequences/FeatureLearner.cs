using MlnetClip.Data;

namespace MlnetClip.Sequences;

/// <summary>Learns means and deviations of features from the time steps of sequences, in double and in the order in which they come.</summary>
/// <param name="features">Features of a time step.</param>
internal sealed class FeatureLearner(int features)
{
    private readonly Moments[] _moments = new Moments[features];

    /// <summary>Adds the time steps of a sequence, [T, F].</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        for (int start = 0; start < values.Length; start += features)
            for (int f = 0; f < features; f++) _moments[f] = _moments[f].Add(values[start + f]);
    }

    /// <summary>The scaler; a constant feature keeps its unit.</summary>
    public FeatureScaler End() => new(
        [.. _moments.Select(feature => feature.Mean)],
        [.. _moments.Select(feature => feature.Squares > 0 ? Math.Sqrt(feature.Squares / feature.Count) : 1)]);
}
