namespace MlnetClip.Reports.Tests;

/// <summary>A row of the CO2 data.</summary>
public sealed class Reading
{
    public DateTime Date { get; set; }

    public float Co2 { get; set; }
}
