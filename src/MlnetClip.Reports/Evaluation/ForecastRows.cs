using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Reports.Evaluation;

/// <summary>The actual values of one series and the forecasts made at its rows, from scored data.</summary>
internal sealed class ForecastRows
{
    /// <summary>The largest number of rows that are kept, the last ones.</summary>
    public const int Most = 20_000;

    private readonly Queue<ForecastRow> _rows = [];

    private ForecastRows(string? series) => Series = series;

    /// <summary>The name of the series, the first one of the data; null for a single one.</summary>
    public string? Series { get; }

    /// <summary>The number of series of the data.</summary>
    public int SeriesCount { get; private set; } = 1;

    /// <summary>The rows in order; where there are more than <see cref="Most"/>, the last ones.</summary>
    public IReadOnlyList<ForecastRow> Rows => [.. _rows];

    /// <summary>Whether rows were left out.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Reads the rows.</summary>
    public static ForecastRows Read(IDataView scored, ForecastEvaluationOptions columns)
    {
        DataViewSchema.Column Find(string name) => scored.Schema[name];
        DataViewSchema.Column label = Find(columns.LabelColumnName), score = Find(columns.ScoreColumnName);
        (string? low, string? high) = (columns.ConfidenceLowerBoundColumn, columns.ConfidenceUpperBoundColumn);
        if (low is null && columns.QuantileColumnNames.Count > 1)
            (low, high) = (columns.QuantileColumnNames.MinBy(column => column.Key).Value, columns.QuantileColumnNames.MaxBy(column => column.Key).Value);
        string?[] names = [columns.LabelColumnName, columns.ScoreColumnName, low, high, columns.GroupColumnName, columns.TimeColumnName];
        using DataViewRowCursor cursor = scored.GetRowCursor(names.OfType<string>().Select(Find));
        Func<double> readLabel = ColumnReader.Number(cursor, label);
        Func<double[]> readScore = ColumnReader.Vector(cursor, score);
        Func<double[]>? readLow = low is null ? null : ColumnReader.Vector(cursor, Find(low)), readHigh = high is null ? null : ColumnReader.Vector(cursor, Find(high));
        Func<string>? readGroup = columns.GroupColumnName is { } group ? ColumnReader.Text(cursor, Find(group)) : null;
        Func<DateTime>? readTime = columns.TimeColumnName is { } time ? TimeReader(cursor, Find(time)) : null;
        ForecastRows? read = null;
        var others = new HashSet<string>();
        for (long row = 0; cursor.MoveNext(); row++)
        {
            string? series = readGroup?.Invoke();
            read ??= new ForecastRows(series);
            if (series != read.Series)
            {
                others.Add(series!);
                continue;
            }

            DateTime? at = readTime?.Invoke();
            bool evaluated = row >= columns.FirstRow && (columns.FirstTime is not { } first || at >= first);
            read._rows.Enqueue(new ForecastRow(readLabel(), at, evaluated, evaluated ? readScore() : [], evaluated ? readLow?.Invoke() : null, evaluated ? readHigh?.Invoke() : null));
            if (read._rows.Count <= Most) continue;
            read._rows.Dequeue();
            read.IsCut = true;
        }

        if (read is null) throw new InvalidDataException("EvaluationData must have rows, but has none.");
        read.SeriesCount = 1 + others.Count;
        return read;
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
