using MlnetClip.MLNetInternals;

namespace MlnetClip.Sequences;

/// <summary>Standardizes features inside the model: <c>x' = (x - mean) / scale</c> for each feature of a time step.</summary>
/// <param name="Means">Means of the training rows' time steps, [F].</param>
/// <param name="Scales">Their standard deviations, [F]; 1 where a feature is constant.</param>
internal sealed record FeatureScaler(double[] Means, double[] Scales)
{
    /// <summary>Leaves features as they are.</summary>
    public static FeatureScaler None(int features)
    {
        double[] ones = new double[features];
        ones.AsSpan().Fill(1);
        return new(new double[features], ones);
    }

    /// <summary>Scales the values of a sequence in place, [T, F].</summary>
    public void Apply(Span<float> values)
    {
        int F = Means.Length;
        for (int start = 0; start < values.Length; start += F)
            for (int f = 0; f < F; f++) values[start + f] = (float)((values[start + f] - Means[f]) / Scales[f]);
    }

    /// <summary>Writes the scaling of a value [N, T, F] into an ONNX model, in double precision as in <see cref="Apply"/>.</summary>
    /// <returns>The scaled value.</returns>
    public string WriteOnnx(OnnxGraph graph, string values)
    {
        if (Array.TrueForAll(Means, mean => mean == 0) && Array.TrueForAll(Scales, scale => scale == 1)) return values;
        string exact = graph.Node("Cast", [values], ("to", typeof(double)));
        string centered = graph.Node("Sub", [exact, graph.Constant("features.mean", Means, Means.Length)]);
        string scaled = graph.Node("Div", [centered, graph.Constant("features.scale", Scales, Scales.Length)]);
        return graph.Node("Cast", [scaled], ("to", typeof(float)));
    }
}
