using System.Globalization;
using CsvHelper;
using MlnetClip.Cli.Output;
using MlnetClip.Settings;

namespace MlnetClip.Cli.Input;

/// <summary>
/// Reads a value column and a time column of a CSV file. It reports what it cannot read instead of guessing: every error
/// has the file, the line, the column by number and name, and the text.
/// </summary>
/// <remarks>
/// Numbers are in the invariant culture, with a decimal comma where the layout says so. Missing are an empty field, <c>NaN</c> and <c>NA</c> in any case.
/// The first line is the header; every row has as many fields as it. Blank lines at the end are ignored; elsewhere a
/// blank line is a missing value in a file of one column and an error in any other.
/// </remarks>
internal sealed class SeriesCsv : IDisposable
{
    private const int LargestRecord = 16 << 20, CancellationPeriod = 4096;

    private readonly string _path;
    private readonly CsvLayout _layout;
    private readonly CsvReader _csv;
    private readonly List<double> _values = [];
    private readonly List<string> _times = [];
    private readonly List<int> _lines = [];
    private string[] _headers = [];

    private SeriesCsv(string path, CsvLayout layout)
    {
        _path = path;
        _layout = layout;
        _csv = CsvReader.FromFile(path, new CsvReaderOptions
        {
            Separator = layout.Delimiter,
            Encoding = layout.Encoding,
            SkipEmptyLines = false,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            MaxRecordSize = LargestRecord,
        });
    }

    /// <summary>Reads the columns.</summary>
    /// <param name="path">The file.</param>
    /// <param name="value">The value column's name.</param>
    /// <param name="time">The time column's name, or null.</param>
    /// <param name="timeFormat">The .NET format of the times; null to detect it.</param>
    /// <param name="layout">How the file is written; null to detect it.</param>
    /// <param name="zone">The zone whose clock the times show; null for times with offsets, or a clock that is never changed.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="InputException">The file, a column or a field cannot be read.</exception>
    public static TimeSeries Read(
        string path, string value, string? time = null, string? timeFormat = null, CsvLayout? layout = null, TimeZoneInfo? zone = null,
        CancellationToken cancellation = default)
    {
        if (Directory.Exists(path)) throw new InputException($"--data must be a CSV file, but '{path}' is a folder.");
        if (!File.Exists(path)) throw new InputException($"--data must be a CSV file that exists, but there is no '{path}'.");
        try
        {
            using var reader = new SeriesCsv(path, layout ?? new CsvLayout());
            return reader.Read(value, time, timeFormat, zone, cancellation);
        }
        catch (CsvFormatException e)
        {
            throw new InputException($"{path}, line {Math.Max(1, e.LineNumber)}: {e.Message}", "check the quotes of that line.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--data must be a file that can be read, but '{path}' cannot: {e.Message}", inner: e);
        }
    }

    public void Dispose() => _csv.Dispose();

    private TimeSeries Read(string value, string? time, string? timeFormat, TimeZoneInfo? zone, CancellationToken cancellation)
    {
        _csv.ReadHeader();
        _headers = [.. _csv.Headers];
        CheckHeader();
        int valueIndex = Column("--value", value);
        int timeIndex = time is null ? -1 : Column("--time", time);
        if (valueIndex == timeIndex) throw new InputException($"--value and --time must name two columns, but both are '{value}'.");
        ReadRows(valueIndex, timeIndex, cancellation);
        if (_values.Count == 0) throw new InputException($"{_path} has a header and no rows.");

        TimeAxis? axis = time is null
            ? null
            : TimeAxis.Parse(time, [.. _times], timeFormat, zone, row => Place(_lines[row], timeIndex), row => _lines[row]);
        return new TimeSeries(_path, value, [.. _values], axis);
    }

    private void ReadRows(int valueIndex, int timeIndex, CancellationToken cancellation)
    {
        var blanks = new Queue<int>();
        while (_csv.Read())
        {
            if (_lines.Count % CancellationPeriod == 0) cancellation.ThrowIfCancellationRequested();
            int line = (int)_csv.LineNumber;
            if (_csv.RawRecord.Length == 0)
            {
                blanks.Enqueue(line);
                continue;
            }

            while (blanks.TryDequeue(out int blank)) AddBlank(blank);
            CheckFieldCount(line);
            _values.Add(Value(_csv.GetString(valueIndex).Trim(), line, valueIndex));
            if (timeIndex >= 0) _times.Add(_csv.GetString(timeIndex).Trim());
            _lines.Add(line);
        }
    }

    private void AddBlank(int line)
    {
        if (_headers.Length > 1) throw new InputException($"{_path}, line {line} is blank.", "remove the line; for a missing value, leave the field empty.");
        _values.Add(double.NaN);
        _lines.Add(line);
    }

    private void CheckHeader()
    {
        if (new FileInfo(_path).Length == 0) throw new InputException($"{_path} is empty: expected a header line and rows.");
        if (_headers.Any(h => h.Contains('\0', StringComparison.Ordinal)))
            throw new InputException($"{_path} does not look like a text file: its first line has zero bytes.", "--data reads CSV; for UTF-16 without a byte order mark pass --encoding utf-16.");
        if (_headers.All(string.IsNullOrWhiteSpace)) throw new InputException($"{_path}, line 1 is blank: expected the names of the columns.");
    }

    private void CheckFieldCount(int line)
    {
        if (_csv.FieldCount == _headers.Length) return;
        throw new InputException(
            $"{_path}, line {line} has {_csv.FieldCount} fields, separated by '{Show(_csv.Separator)}', but the header has {_headers.Length}.",
            "quote fields that contain the separator, including numbers with a decimal comma; set another separator with --delimiter.");
    }

    private int Column(string option, string name)
    {
        int[] found = Find(header => header == name);
        if (found.Length == 0) found = Find(header => ColumnName.Same(header, name));
        if (found.Length == 1) return found[0];
        if (found.Length > 1) throw new InputException($"{option} must name one column, but {_path} has several named '{SafeText.Of(name)}'.");

        string listed = string.Join(", ", _headers.Take(40).Select(h => $"'{SafeText.Of(h)}'")) + (_headers.Length > 40 ? ", ..." : "");
        throw new InputException($"{option} must name a column of {_path}, but there is no '{SafeText.Of(name)}'. The columns are {listed}.", HintFor(name));

        int[] Find(Func<string, bool> matches) => [.. Enumerable.Range(0, _headers.Length).Where(i => matches(_headers[i]))];
    }

    /// <summary>The probable cause when a column is not found.</summary>
    private string? HintFor(string name)
    {
        const char Undecodable = '\ufffd';
        if (_layout.Encoding is null && _headers.Any(h => h.Contains(Undecodable, StringComparison.Ordinal)))
            return "the file is not in UTF-8; for one written by a Windows program in Western Europe pass --encoding windows-1252.";
        if (_headers.All(LooksLikeData)) return "the first line looks like data: it must name the columns; add a line such as date,value before it.";
        if (Closest.To(name, _headers) is { } closest) return $"did you mean '{SafeText.Of(closest)}'?";
        return _headers.Length == 1 ? $"the detected separator is '{Show(_csv.Separator)}'; set another one with --delimiter." : null;
    }

    private static bool LooksLikeData(string header) =>
        IsMissing(header.Trim()) || double.TryParse(header, NumberStyles.Float, CultureInfo.InvariantCulture, out _) || TimeFormat.Detect(header.Trim()) is not null;

    private double Value(string text, int line, int column)
    {
        if (IsMissing(text)) return double.NaN;
        if (!TryParse(text, out double value))
        {
            string example = _layout.DecimalComma ? "315,7" : "315.7";
            throw new InputException(
                $"{Place(line, column)}: '{SafeText.Of(text)}' is not a number: expected one such as {example} or -2e3, or nothing, NaN or NA where the value is missing.",
                text.Contains(',', StringComparison.Ordinal) && !_layout.DecimalComma
                    ? "for numbers with a decimal comma pass --decimal-comma; thousands separators are not supported."
                    : "for a missing value leave the field empty.");
        }

        if (Math.Abs(value) <= float.MaxValue) return value;
        throw new InputException(
            $"{Place(line, column)}: '{SafeText.Of(text)}' is infinite or beyond the range of a single-precision number, ±3.4e38.",
            "leave the field empty if the value is unknown, or scale the column.");
    }

    private bool TryParse(string text, out double value)
    {
        if (!_layout.DecimalComma) return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        value = 0;
        return !text.Contains('.', StringComparison.Ordinal)
            && double.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private static bool IsMissing(string text) =>
        text.Length == 0 || text.Equals("NaN", StringComparison.OrdinalIgnoreCase) || text.Equals("NA", StringComparison.OrdinalIgnoreCase);

    private string Place(int line, int column) => $"{_path}, line {line}, column {column + 1} ('{SafeText.Of(_headers[column])}')";

    private static string Show(char separator) => separator == '\t' ? "tab" : separator.ToString();
}
