using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Models;

/// <summary>Series as the data view that forecasters read.</summary>
internal static class SeriesView
{
    /// <summary>All rows.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="columns">The names of the columns in the view, where <see cref="SeriesTable.Columns"/> has those in the file; times and groups only where they are read.</param>
    /// <param name="types">The columns' types where a pipeline was fitted on others than numbers in double precision; null for those.</param>
    public static IDataView Of(SeriesTable table, SeriesColumns columns, DataViewSchema? types = null) =>
        new TableView(Columns(table, columns, types), [.. Enumerable.Range(0, table.Rows)]);

    /// <summary>The first rows of every series.</summary>
    /// <inheritdoc cref="Of(SeriesTable, SeriesColumns, DataViewSchema)"/>
    /// <param name="cuts">For each series the number of rows.</param>
    public static IDataView Of(SeriesTable table, SeriesColumns columns, IReadOnlyList<int> cuts) =>
        new TableView(Columns(table, columns, null), [.. Enumerable.Range(0, table.Rows).Where(row => table.RowOfSeries[row] < cuts[table.SeriesOfRow[row]])]);

    /// <summary>All rows, the first ones of every series before the others, so that a number of rows separates them; those of a series stay in order.</summary>
    /// <inheritdoc cref="Of(SeriesTable, SeriesColumns, IReadOnlyList{int})"/>
    public static IDataView OfFirstThenOthers(SeriesTable table, SeriesColumns columns, IReadOnlyList<int> cuts) =>
        new TableView(Columns(table, columns, null), [.. Enumerable.Range(0, table.Rows).OrderBy(row => table.RowOfSeries[row] >= cuts[table.SeriesOfRow[row]])]);

    private static List<ViewColumn> Columns(SeriesTable table, SeriesColumns columns, DataViewSchema? types)
    {
        var all = new List<ViewColumn>();
        foreach (var (name, values) in columns.Numbers.Zip(table.Numbers))
        {
            DataViewType? type = types?.GetColumnOrNull(name)?.Type;
            all.Add(types is null || type is NumberDataViewType && type.RawType == typeof(double) ? ViewColumn.Number(name, values)
                : type is BooleanDataViewType ? ViewColumn.Truth(name, values)
                : ViewColumn.Single(name, values));
        }

        if (columns.Group is { } group) all.Add(ViewColumn.Text(group, [.. table.SeriesOfRow.Select(series => table.Series[series].Name!)]));
        if (columns.Time is not { } time) return all;
        DateTime[][] times = [.. table.Series.Select(series => series.Time!.Times)];
        all.Add(ViewColumn.Time(time, [.. Enumerable.Range(0, table.Rows).Select(row => times[table.SeriesOfRow[row]][table.RowOfSeries[row]])]));
        return all;
    }
}
