using Microsoft.ML;

namespace MLNet.Contract.Tests.Support;

/// <summary>A view of a user's own over another, which records the columns that it was asked for.</summary>
internal sealed class WatchedView(IDataView source) : IDataView
{
    public List<string> Asked { get; } = [];

    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        Asked.AddRange(columnsNeeded.Select(c => c.Name));
        return source.GetRowCursor(columnsNeeded, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
