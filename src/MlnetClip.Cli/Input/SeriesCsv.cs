using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Input;

/// <summary>
/// Reads the columns of a forecaster from a file. It reports what it cannot read instead of guessing: every error
/// has the file, the line, the column by number and name, and the text.
/// </summary>
internal sealed class SeriesCsv
{
    private const int CancellationPeriod = 4096;

    private readonly ITable _table;
    private readonly SeriesColumns _columns;
    private readonly NumberField _number;
    private readonly List<double>[] _numbers;
    private readonly List<string> _times = [];
    private readonly List<int> _lines = [];
    private readonly Dictionary<string, List<int>> _groups = [];

    private SeriesCsv(ITable table, SeriesColumns columns)
    {
        (_table, _columns, _number) = (table, columns, new NumberField(table.DecimalComma));
        _numbers = [.. columns.Numbers.Select(_ => new List<double>())];
    }

    /// <summary>Reads the columns.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The columns, by their names in the file.</param>
    /// <param name="timeFormat">The .NET format of the times; null to detect it.</param>
    /// <param name="layout">How the file is written; null to detect it.</param>
    /// <param name="zone">The zone whose clock the times show; null for times with offsets, or a clock that is never changed.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="InputException">The file, a column or a field cannot be read.</exception>
    public static SeriesTable Read(
        string path, SeriesColumns columns, string? timeFormat = null, CsvLayout? layout = null, TimeZoneInfo? zone = null, CancellationToken cancellation = default) =>
        DataFile.Read(path, layout, table => new SeriesCsv(table, columns).Read(timeFormat, zone, cancellation));

    private SeriesTable Read(string? timeFormat, TimeZoneInfo? zone, CancellationToken cancellation)
    {
        int[] indices = [.. _columns.Numbers.Select((name, i) => _table.Column(OptionOf(i), name))];
        int time = _columns.Time is { } timeName ? _table.Column("--time", timeName) : -1;
        int group = _columns.Group is { } groupName ? _table.Column("--group", groupName) : -1;
        ReadRows(indices, time, group, cancellation);
        if (_lines.Count == 0) throw new InputException($"{_table.Path} has a header and no rows.");
        double[][] numbers = [.. _numbers.Select(values => values.ToArray())];
        return new SeriesTable(_table.Path, _columns, numbers, [.. _groups.Select(entry => SeriesOf(entry.Key, [.. entry.Value]))]);

        TimeSeries SeriesOf(string name, int[] rows)
        {
            TimeAxis? axis = time < 0 ? null : TimeAxis.Parse(
                _columns.Time!, [.. rows.Select(row => _times[row])], timeFormat, zone, row => _table.Place(_lines[rows[row]], time), row => _lines[rows[row]], group < 0 ? null : name);
            double[][] targets = rows.Length == _lines.Count
                ? numbers[.._columns.Targets.Count]
                : [.. numbers.Take(_columns.Targets.Count).Select(values => Array.ConvertAll(rows, row => values[row]))];
            return new TimeSeries(_table.Path, group < 0 ? null : name, _columns.Targets, targets, axis, rows);
        }
    }

    private void ReadRows(int[] indices, int time, int group, CancellationToken cancellation)
    {
        if (group < 0) _groups[""] = [];
        while (_table.Read())
        {
            int row = _lines.Count, line = _table.Line;
            if (row % CancellationPeriod == 0) cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < indices.Length; i++)
            {
                int column = indices[i];
                string text = _table.Field(column);
                _numbers[i].Add(i < _columns.Targets.Count
                    ? _number.Read(text, () => _table.Place(line, column))
                    : _number.ReadCovariate(text, () => _table.Place(line, column)));
            }

            if (time >= 0) _times.Add(_table.Field(time));
            _lines.Add(line);
            AddToGroup(group < 0 ? "" : Group(_table.Field(group), line, group), row);
        }
    }

    private string Group(string name, int line, int column) =>
        name.Length > 0 ? name : throw new InputException($"{_table.Place(line, column)} is empty: every row must say which series it belongs to.", "remove the row, or write a name.");

    private void AddToGroup(string name, int row)
    {
        if (!_groups.TryGetValue(name, out List<int>? rows)) _groups[name] = rows = [];
        rows.Add(row);
    }

    private string OptionOf(int number)
    {
        int at = number - _columns.Targets.Count;
        return at < 0 ? "--target"
            : at < _columns.Past.Count ? "--past"
            : at < _columns.Past.Count + _columns.Future.Count ? "--future"
            : "--static";
    }
}
