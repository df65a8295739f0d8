using Microsoft.ML;
using MlnetClip.Data;

namespace MlnetClip.Evaluation;

/// <summary>Which series each row of a view belongs to, with the times and the values of the targets.</summary>
internal sealed class SeriesRows
{
    private const int CancellationPeriod = 1 << 16;

    private readonly List<int> _series = [], _index = [];
    private readonly List<DateTime> _times = [];
    private readonly List<List<double>[]> _values = [];
    private readonly GroupNames _names = new();
    private int[] _counts = new int[1];

    /// <summary>Reads a view.</summary>
    /// <param name="data">The view; its rows are in time order.</param>
    /// <param name="columns">The targets, the group and the time; their types are legal.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public SeriesRows(IDataView data, ForecastColumns columns, CancellationToken cancellation)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(ForecastColumns.Select(data.Schema, columns.All));
        var reader = new ForecastRowReader(cursor, columns, _names);
        while (cursor.MoveNext())
        {
            if ((cursor.Position & (CancellationPeriod - 1)) == 0) cancellation.ThrowIfCancellationRequested();
            reader.Read();
            while (_values.Count <= reader.Group) _values.Add([.. columns.Targets.Select(_ => new List<double>())]);
            List<double>[] series = _values[reader.Group];
            _series.Add(reader.Group);
            _index.Add(RowsOf(reader.Group));
            if (columns.Time is not null) _times.Add(reader.Time);
            for (int k = 0; k < series.Length; k++) series[k].Add(reader.Targets[k]);
            Counts(reader.Group)++;
        }

        HasTimes = columns.Time is not null;
    }

    /// <summary>Rows of the view.</summary>
    public int Count => _series.Count;

    /// <summary>The number of series.</summary>
    public int SeriesCount => _values.Count;

    /// <summary>Whether the times were read.</summary>
    public bool HasTimes { get; }

    /// <summary>The name of a series; empty without a group column.</summary>
    public string NameOf(int series) => _names.Names[series];

    /// <summary>The number of rows of a series.</summary>
    public int RowsOf(int series) => Counts(series);

    /// <summary>The series of a row of the view.</summary>
    public int SeriesOf(int row) => _series[row];

    /// <summary>The number of a row among those of its series, from 0.</summary>
    public int IndexOf(int row) => _index[row];

    /// <summary>The time of a row of the view.</summary>
    public DateTime TimeOf(int row) => _times[row];

    /// <summary>The values of a target in a series, NaN where missing.</summary>
    public double[] Values(int series, int target) => [.. _values[series][target]];

    private ref int Counts(int series)
    {
        while (_counts.Length <= series) Array.Resize(ref _counts, 2 * _counts.Length);
        return ref _counts[series];
    }
}
