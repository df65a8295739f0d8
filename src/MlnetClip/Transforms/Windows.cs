using Microsoft.ML;

namespace MlnetClip.Transforms;

/// <summary>Sliding windows over rows, each within one group; only the rows of one window, and those after it that give its label, are held.</summary>
/// <param name="input">The cursor of the rows.</param>
/// <param name="rows">Holds the rows.</param>
/// <param name="group">The column of groups; null if all rows are one series.</param>
/// <param name="windowSize">Rows of a window.</param>
/// <param name="after">Rows after it that give its label.</param>
/// <param name="stride">Rows from the beginning of a window to that of the next.</param>
internal sealed class Windows(DataViewRowCursor input, RowSet rows, DataViewSchema.Column? group, int windowSize, int after, int stride) : IRowBlocks
{
    private readonly GroupReader? _groups = group is { } column ? GroupReader.Open(input, column) : null;
    private int _group = -1, _skip;
    private bool _hasWindow;

    /// <summary>The rows of the window, by their place among the rows that are held.</summary>
    public IReadOnlyList<int> Rows { get; } = [.. Enumerable.Range(0, windowSize)];

    /// <summary>The rows after it.</summary>
    public IReadOnlyList<int> RowsAfter { get; } = [.. Enumerable.Range(windowSize, after)];

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">A group occurs again, or is missing.</exception>
    public bool MoveNext()
    {
        if (_hasWindow)
        {
            int removed = Math.Min(stride, rows.Count);
            rows.RemoveFirst(removed);
            _skip = stride - removed;
        }

        _hasWindow = false;
        while (rows.Count < windowSize + after)
        {
            if (!input.MoveNext()) return false;
            if (_groups is not null && _groups.Read() is var current && current != _group) Begin(current);
            if (_skip > 0) _skip--;
            else rows.Append();
        }

        return _hasWindow = true;
    }

    private void Begin(int current)
    {
        if (current < _group)
        {
            throw new InvalidDataException(
                $"The rows of a group must be next to each other, but group '{_groups!.Describe(current)}' of column '{group!.Value.Name}' occurs again at row {input.Position} (from 0)."
                + $"{Environment.NewLine}Hint: sort the rows by group.");
        }

        (_group, _skip) = (current, 0);
        rows.Clear();
    }
}
