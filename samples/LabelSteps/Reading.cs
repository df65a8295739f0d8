namespace LabelSteps;

/// <summary>A reading of a machine: one row of a long table, whose cycles follow one another.</summary>
public sealed class Reading
{
    public int Cycle { get; set; }

    public float Level { get; set; }

    public float Power { get; set; }

    /// <summary>idle, filling, heating or draining.</summary>
    public string Phase { get; set; } = "";
}
