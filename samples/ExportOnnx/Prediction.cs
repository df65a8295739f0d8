namespace ExportOnnx;

/// <summary>A week with the forecasts made from the weeks up to it.</summary>
public sealed class Prediction
{
    public float[] Forecast { get; set; } = [];
}
