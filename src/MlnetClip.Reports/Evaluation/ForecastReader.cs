using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Reports.Evaluation;

/// <summary>Reads the actual values of series and the forecasts made at their rows from scored data.</summary>
internal static class ForecastReader
{
    /// <summary>Reads all series, in the order of their first rows.</summary>
    /// <param name="scored">The scored data.</param>
    /// <param name="columns">Its columns, and from which row on forecasts are evaluated.</param>
    /// <param name="names">The names of the series, in the order of their first rows; a single empty one without a group column.</param>
    /// <param name="kept">The numbers of the series whose rows are kept.</param>
    /// <param name="most">The largest number of rows that are kept of each.</param>
    public static IReadOnlyList<ForecastSeries> Read(IDataView scored, ForecastEvaluationOptions columns, IReadOnlyList<string> names, IReadOnlySet<int> kept, int most)
    {
        DataViewSchema.Column Find(string name) => scored.Schema[name];
        DataViewSchema.Column label = Find(columns.LabelColumnName), score = Find(columns.ScoreColumnName);
        (string? low, string? high) = (columns.ConfidenceLowerBoundColumn, columns.ConfidenceUpperBoundColumn);
        if (low is null && columns.QuantileColumnNames.Count > 1)
            (low, high) = (columns.QuantileColumnNames.MinBy(column => column.Key).Value, columns.QuantileColumnNames.MaxBy(column => column.Key).Value);
        string?[] read = [columns.LabelColumnName, columns.ScoreColumnName, low, high, columns.GroupColumnName, columns.TimeColumnName];
        using DataViewRowCursor cursor = scored.GetRowCursor(read.OfType<string>().Select(Find));
        Func<double> readLabel = ColumnReader.Number(cursor, label);
        Func<double[]> readScore = ColumnReader.Vector(cursor, score);
        Func<double[]>? readLow = low is null ? null : ColumnReader.Vector(cursor, Find(low)), readHigh = high is null ? null : ColumnReader.Vector(cursor, Find(high));
        Func<string>? readGroup = columns.GroupColumnName is { } group ? ColumnReader.Text(cursor, Find(group)) : null;
        Func<DateTime>? readTime = columns.TimeColumnName is { } time ? TimeReader(cursor, Find(time)) : null;
        ForecastSeries[] all = [.. names.Select((name, i) => new ForecastSeries(name, kept.Contains(i) ? most : 0))];
        var numbers = new Dictionary<string, int>(); // of the values of the group column, which are not the names where it is a key
        for (long row = 0; cursor.MoveNext(); row++)
        {
            string value = readGroup?.Invoke() ?? "";
            if (!numbers.TryGetValue(value, out int number)) numbers[value] = number = numbers.Count;
            ForecastSeries series = all[number];
            DateTime? at = readTime?.Invoke();
            bool evaluated = row >= columns.FirstRow && (columns.FirstTime is not { } first || at >= first), keep = evaluated && series.IsKept;
            series.Add(new ForecastRow(readLabel(), at, evaluated, evaluated ? readScore() : [], keep ? readLow?.Invoke() : null, keep ? readHigh?.Invoke() : null));
        }

        return all;
    }

    private static Func<DateTime> TimeReader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is DateTimeOffsetDataViewType)
        {
            ValueGetter<DateTimeOffset> readOffset = row.GetGetter<DateTimeOffset>(column);
            DateTimeOffset offset = default;
            return () =>
            {
                readOffset(ref offset);
                return offset.DateTime;
            };
        }

        ValueGetter<DateTime> read = row.GetGetter<DateTime>(column);
        DateTime value = default;
        return () =>
        {
            read(ref value);
            return value;
        };
    }
}
