using Microsoft.ML;

namespace MlnetClip.Transforms;

/// <summary>The columns that are held in memory for the rows of a block: only those that are needed.</summary>
/// <param name="input">The cursor of the rows.</param>
internal sealed class RowSet(DataViewRowCursor input)
{
    private readonly Dictionary<int, RowBuffer> _columns = [];

    /// <summary>Rows that are held.</summary>
    public int Count { get; private set; }

    /// <summary>The buffer of a column.</summary>
    public RowBuffer this[DataViewSchema.Column column]
    {
        get
        {
            if (!_columns.TryGetValue(column.Index, out RowBuffer? buffer)) _columns.Add(column.Index, buffer = RowBuffer.Open(input, column));
            return buffer;
        }
    }

    /// <summary>Adds the current row.</summary>
    public void Append()
    {
        foreach (RowBuffer column in _columns.Values) column.Append();
        Count++;
    }

    /// <summary>Removes the first rows.</summary>
    public void RemoveFirst(int rows)
    {
        foreach (RowBuffer column in _columns.Values) column.RemoveFirst(rows);
        Count -= rows;
    }

    /// <summary>Removes all rows.</summary>
    public void Clear()
    {
        foreach (RowBuffer column in _columns.Values) column.Clear();
        Count = 0;
    }
}
