using Microsoft.ML.Data;

namespace MultivariateForecast;

/// <summary>The forecast of the week after a day.</summary>
public sealed class Week
{
    public DateTime Date { get; set; }

    [ColumnName("Forecast.NewYorkMax")]
    public float[] Highs { get; set; } = [];

    [ColumnName("Forecast.NewYorkMax.q0.1")]
    public float[] LowQuantiles { get; set; } = [];

    [ColumnName("Forecast.NewYorkMax.q0.9")]
    public float[] HighQuantiles { get; set; } = [];
}
