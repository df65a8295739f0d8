namespace MlnetClip.Forecasting;

/// <summary>Every <paramref name="stride"/>th row of a range of rows.</summary>
/// <param name="rows">The rows.</param>
/// <param name="start">The first of them.</param>
/// <param name="end">The row after the last that may be taken.</param>
/// <param name="stride">The distance of two rows that are taken, 1 or more.</param>
internal sealed class RowRange(ILinearRows rows, int start, int end, int stride = 1) : ILinearRows
{
    /// <inheritdoc/>
    public int Count { get; } = (Math.Max(0, end - start) + stride - 1) / stride;

    /// <inheritdoc/>
    public void Read(int row, Span<double> x, Span<double> y, Span<double> weights) => rows.Read(start + (row * stride), x, y, weights);
}
