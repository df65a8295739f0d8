using Microsoft.ML.Data;

namespace FindThreshold;

/// <summary>A week of co2.csv.</summary>
public sealed class Reading
{
    [LoadColumn(1)]
    public float Co2 { get; set; }
}
