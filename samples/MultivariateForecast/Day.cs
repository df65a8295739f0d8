using Microsoft.ML.Data;

namespace MultivariateForecast;

/// <summary>A day of temperatures.csv, in degrees Celsius.</summary>
public sealed class Day
{
    [LoadColumn(0)]
    public DateTime Date { get; set; }

    [LoadColumn(1)]
    public float SeattleMax { get; set; }

    [LoadColumn(2)]
    public float SeattleMin { get; set; }

    [LoadColumn(3)]
    public float NewYorkMax { get; set; }

    [LoadColumn(4)]
    public float NewYorkMin { get; set; }
}
