namespace MlnetClip.Tests;

/// <summary>A row of the tests' data: a series and a column that only passes through.</summary>
public sealed class Row
{
    public int Number { get; set; }

    public float Value { get; set; }
}
