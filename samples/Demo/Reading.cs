using Microsoft.ML.Data;

namespace Demo;

/// <summary>A week of co2.csv.</summary>
internal sealed class Reading
{
    [LoadColumn(0)]
    public string Date { get; set; } = "";

    [LoadColumn(1)]
    public float Co2 { get; set; }
}
