using Microsoft.ML.Data;

namespace MLNet.Contract.Tests.Support;

/// <summary>A row with most kinds of members.</summary>
internal sealed class Reading
{
    public float Value { get; set; }

    public string? Text { get; set; }

    public bool Flag;

    [VectorType(3)]
    public float[]? Features { get; set; }

    public float[]? AnyLength { get; set; }

    [ColumnName("When")]
    public DateTime Time { get; set; }

    [NoColumn]
    public object? Ignored { get; set; }

    public static Reading[] Three =>
    [
        new() { Value = 1.5f, Text = "one", Flag = true, Features = [1, 2, 3], AnyLength = [1], Time = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc) },
        new() { Value = float.NaN, Text = null, Features = [4, 5, 6], AnyLength = null },
        new() { Value = -3, Text = "", Flag = true, Features = [7, 8, 9], AnyLength = [1, 2, 3, 4] },
    ];
}

/// <summary>A row with one number.</summary>
internal sealed class Number
{
    public float Value { get; set; }

    public static Number[] UpTo(int count) => [.. Enumerable.Range(0, count).Select(i => new Number { Value = i })];
}
