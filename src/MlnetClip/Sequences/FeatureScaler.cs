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

    /// <summary>Learns means and deviations of the time steps of some sequences, in double and in the order of the rows.</summary>
    public static FeatureScaler Learn(SequenceStore store, ReadOnlySpan<int> rows)
    {
        int F = store.Input.Features;
        var scaler = new FeatureScaler(new double[F], new double[F]);
        long steps = 0;
        foreach (int row in rows)
        {
            ReadOnlySpan<float> values = store.Values(row);
            for (int n = 0; n < values.Length; n++) scaler.Means[n % F] += values[n];
            steps += values.Length / F;
        }

        foreach (ref double mean in scaler.Means.AsSpan()) mean /= steps;
        foreach (int row in rows)
        {
            ReadOnlySpan<float> values = store.Values(row);
            for (int n = 0; n < values.Length; n++)
            {
                double difference = values[n] - scaler.Means[n % F];
                scaler.Scales[n % F] += difference * difference;
            }
        }

        foreach (ref double scale in scaler.Scales.AsSpan())
        {
            scale = Math.Sqrt(scale / steps);
            if (!(scale > 0)) scale = 1;
        }

        return scaler;
    }

    /// <summary>Scales the values of a sequence in place, [T, F].</summary>
    public void Apply(Span<float> values)
    {
        int F = Means.Length;
        for (int start = 0; start < values.Length; start += F)
            for (int f = 0; f < F; f++) values[start + f] = (float)((values[start + f] - Means[f]) / Scales[f]);
    }
}
