using Microsoft.ML.Data;

namespace ExportOnnx;

/// <summary>A week of the CO2 record.</summary>
public sealed class Reading
{
    [LoadColumn(0)]
    public string Date { get; set; } = "";

    [LoadColumn(1)]
    public float Co2 { get; set; }
}
