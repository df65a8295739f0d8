namespace Microsoft.ML;

/// <summary>Writes the current value of a column into <paramref name="value"/>, whose buffers may be reused.</summary>
public delegate void ValueGetter<TValue>(ref TValue value);

/// <summary>A lazily computed table with a schema, read through cursors.</summary>
public interface IDataView
{
    bool CanShuffle { get; }

    DataViewSchema Schema { get; }

    /// <summary>The number of rows, or null where it is not known without reading them.</summary>
    long? GetRowCount();

    DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null);

    DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null);
}
