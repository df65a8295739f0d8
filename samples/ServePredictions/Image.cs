using Microsoft.ML.Data;

namespace ServePredictions;

/// <summary>A row of digits.csv, and the body of a request: an image of 8 by 8 pixels, row after row. The digit is not read from requests.</summary>
public sealed class Image
{
    [LoadColumn(0, 63), VectorType(64)]
    public float[] Pixels { get; set; } = [];

    [LoadColumn(64)]
    public int Digit { get; set; }
}
