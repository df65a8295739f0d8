namespace Demo;

/// <summary>What the model adds to a week: the forecast of the weeks after it.</summary>
internal sealed class Prediction
{
    public float Co2 { get; set; }

    public float[] Forecast { get; set; } = [];
}
