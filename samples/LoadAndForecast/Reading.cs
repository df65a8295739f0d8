using Microsoft.ML.Data;

namespace LoadAndForecast;

/// <summary>A week of co2.csv.</summary>
public sealed class Reading
{
    [LoadColumn(0)]
    public string Date { get; set; } = "";

    [LoadColumn(1)]
    public float Co2 { get; set; }
}
