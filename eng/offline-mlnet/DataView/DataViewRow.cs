namespace Microsoft.ML;

/// <summary>One row of a data view: getters for its active columns.</summary>
public abstract class DataViewRow : IDisposable
{
    /// <summary>The row's number, or -1 before the first and after the last.</summary>
    public abstract long Position { get; }

    public abstract long Batch { get; }

    public abstract DataViewSchema Schema { get; }

    public abstract ValueGetter<Data.DataViewRowId> GetIdGetter();

    public abstract bool IsColumnActive(DataViewSchema.Column column);

    public abstract ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
