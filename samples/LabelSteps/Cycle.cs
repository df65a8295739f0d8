namespace LabelSteps;

/// <summary>The readings of one cycle: what an application passes to a PredictionEngine.</summary>
public sealed class Cycle
{
    /// <summary>Level and power, reading after reading.</summary>
    public float[] Features { get; set; } = [];
}
