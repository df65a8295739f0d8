using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Data;

/// <summary>Reads the current row of a cursor: the columns of a forecaster as numbers, checked.</summary>
internal sealed class ForecastRowReader
{
    private readonly DataViewRow _row;
    private readonly ForecastColumns _columns;
    private readonly List<(NumberColumn.Reader Read, string Column, double[] Values, int At, int Width)> _readers = [];
    private readonly Func<int>? _group;
    private readonly ValueGetter<DateTime>? _time;
    private readonly ValueGetter<DateTimeOffset>? _timeWithOffset;

    /// <param name="row">The row; it changes as its cursor moves.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="groups">The names of the series; new ones are added.</param>
    /// <param name="aheadOnly">Whether only the columns known for the future are read.</param>
    public ForecastRowReader(DataViewRow row, ForecastColumns columns, GroupNames groups, bool aheadOnly = false)
    {
        (_row, _columns) = (row, columns);
        DataViewSchema schema = row.Schema;
        Future = Add(columns.Future);
        Targets = aheadOnly ? [] : Add(columns.Targets);
        Past = aheadOnly ? [] : Add(columns.Past);
        Static = aheadOnly ? [] : Add(columns.Static);
        if (columns.Group is { } group) _group = GroupColumn.Of(row, schema[group], groups);
        else groups.NumberOf("");
        if (columns.Time is not { } time) return;
        if (schema[time].Type is DateTimeOffsetDataViewType) _timeWithOffset = row.GetGetter<DateTimeOffset>(schema[time]);
        else _time = row.GetGetter<DateTime>(schema[time]);

        double[] Add(IReadOnlyList<string> names)
        {
            var values = new double[ForecastColumns.Channels(schema, names)];
            int at = 0;
            foreach (string name in names)
            {
                int width = NumberColumn.Width(schema[name].Type);
                _readers.Add((NumberColumn.Of(row, schema[name]), name, values, at, width));
                at += width;
            }

            return values;
        }
    }

    /// <summary>The values of the targets, NaN where missing.</summary>
    public double[] Targets { get; }

    /// <summary>The values of the past covariates.</summary>
    public double[] Past { get; }

    /// <summary>The values of the future covariates.</summary>
    public double[] Future { get; }

    /// <summary>The values of the static covariates.</summary>
    public double[] Static { get; }

    /// <summary>The time; the first one where there is no time column.</summary>
    public DateTime Time { get; private set; }

    /// <summary>The number of the series.</summary>
    public int Group { get; private set; }

    /// <summary>Reads the current row.</summary>
    /// <exception cref="InvalidDataException">A value is infinite, or too large.</exception>
    public void Read()
    {
        foreach (var (read, column, values, at, width) in _readers)
        {
            Span<double> destination = values.AsSpan(at, width);
            read(destination);
            foreach (double value in destination) SeriesReader.Check(value, column, _row.Position);
        }

        if (_group is not null) Group = _group();
        if (_time is not null)
        {
            DateTime time = default;
            _time(ref time);
            Time = time;
        }
        else if (_timeWithOffset is not null)
        {
            DateTimeOffset time = default;
            _timeWithOffset(ref time);
            Time = time.DateTime;
        }
    }

    /// <summary>Throws where a row's time is before the one of the row before it in its series.</summary>
    public void CheckOrder(DateTime before)
    {
        if (Time >= before) return;
        throw new InvalidDataException(
            FormattableString.Invariant($"Column '{_columns.Time}' must be in ascending order{(_columns.Group is null ? "" : " within a series")}, but row {_row.Position} (from 0) is {Time:yyyy-MM-dd HH:mm:ss} and the row before it {before:yyyy-MM-dd HH:mm:ss}.")
            + $"{Environment.NewLine}Hint: sort the rows by time before they are loaded.");
    }
}
