using Microsoft.ML.Data;

namespace ServePredictions;

/// <summary>A row of co2.csv: the mean CO2 of a week in ppm, NaN where it was not measured.</summary>
public sealed class Week
{
    [LoadColumn(1)]
    public float Co2 { get; set; } = float.NaN;
}
