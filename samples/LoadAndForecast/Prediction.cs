namespace LoadAndForecast;

/// <summary>What the model adds to a week: the forecast of the weeks after it.</summary>
public sealed class Prediction
{
    public float[] Forecast { get; set; } = [];
}
