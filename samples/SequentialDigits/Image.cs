using Microsoft.ML.Data;

namespace SequentialDigits;

/// <summary>A row of digits.csv: an image of 8 by 8 pixels, row after row, and the digit that it shows.</summary>
public sealed class Image
{
    [LoadColumn(0, 63), VectorType(64)]
    public float[] Pixels { get; set; } = [];

    [LoadColumn(64)]
    public int Digit { get; set; }
}
