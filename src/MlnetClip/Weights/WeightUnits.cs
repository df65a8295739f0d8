using MlnetClip.Sequences;

namespace MlnetClip.Weights;

/// <summary>What a model does around its network: it reads <c>(x - mean) / scale</c> of each feature, and its output is <c>mean + scale * y</c> of the head's.</summary>
/// <param name="Means">What is subtracted from each feature; empty for nothing.</param>
/// <param name="Scales">The divisor of each feature; empty for none.</param>
/// <param name="LabelMean">What is added to an output.</param>
/// <param name="LabelScale">What an output is multiplied by.</param>
internal sealed record WeightUnits(double[] Means, double[] Scales, double LabelMean = 0, double LabelScale = 1)
{
    /// <summary>Nothing.</summary>
    public static WeightUnits None { get; } = new([], []);

    /// <summary>A regression whose label has this scaling.</summary>
    public RegressionTask Label => new(LabelMean, LabelScale);

    /// <summary>A scaler with this scaling; null where it is of another number of features.</summary>
    /// <param name="features">Features of a time step.</param>
    public FeatureScaler? Scaler(int features) => Means.Length == 0 ? FeatureScaler.None(features) : Means.Length == features ? new FeatureScaler(Means, Scales) : null;

    /// <summary>The mean of a feature.</summary>
    public double Mean(int feature) => Means.Length == 0 ? 0 : Means[feature];

    /// <summary>The divisor of a feature.</summary>
    public double Scale(int feature) => Scales.Length == 0 ? 1 : Scales[feature];
}
