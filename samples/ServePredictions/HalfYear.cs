namespace ServePredictions;

/// <summary>The answer for a week: the CO2 of the 26 weeks after it, in ppm.</summary>
public sealed class HalfYear
{
    public float[] Forecast { get; set; } = [];
}
