namespace MlnetClip.Data;

/// <summary>The scaling of a covariate: standardized over the training rows of all series. A missing value becomes 0, the mean.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The divisor: the standard deviation, or 1 for a constant covariate; above 0.</param>
internal sealed record ChannelScale(double Mean, double Deviation)
{
    /// <summary>The scaling of values with these moments.</summary>
    public static ChannelScale Of(Moments moments)
    {
        double deviation = moments.Count == 0 ? 0 : Math.Sqrt(moments.Squares / moments.Count);
        return new(moments.Mean, deviation > 0 && double.IsFinite(deviation) ? deviation : 1);
    }

    /// <summary>From the data's unit to the network's.</summary>
    public float ToNetwork(double value) => double.IsNaN(value) ? 0f : (float)((value - Mean) / Deviation);
}
