namespace MlnetClip.Cli.Input;

/// <summary>The rows of one sequence of a long file, as they were read.</summary>
internal sealed class StepRows
{
    /// <summary>The values, time step after time step.</summary>
    public List<float> Features { get; } = [];

    /// <summary>The labels' texts.</summary>
    public List<string> Labels { get; } = [];

    /// <summary>The times' texts; empty without a column of times.</summary>
    public List<string> Times { get; } = [];

    /// <summary>The lines in the file.</summary>
    public List<int> Lines { get; } = [];

    /// <summary>The weight of the last row.</summary>
    public double Weight { get; set; } = 1;
}
