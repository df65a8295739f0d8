namespace MlnetClip.Forecasting;

/// <summary>The rows of a range that have a target for every output; the others have weight 0 throughout.</summary>
/// <param name="rows">The rows.</param>
/// <param name="start">The first of them.</param>
/// <param name="end">The row after the last.</param>
internal sealed class CompleteRows(ILinearRows rows, int start, int end) : ILinearRows
{
    /// <inheritdoc/>
    public int Count => end - start;

    /// <summary>The rows read so far that have all targets.</summary>
    public int Found { get; private set; }

    /// <inheritdoc/>
    public void Read(int row, Span<double> x, Span<double> y, Span<double> weights)
    {
        rows.Read(start + row, x, y, weights);
        bool complete = true;
        foreach (double weight in weights) complete &= weight > 0;
        if (complete) Found++;
        else weights.Clear();
    }
}
