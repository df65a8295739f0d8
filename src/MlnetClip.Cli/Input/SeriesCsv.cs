using System.Globalization;
using CsvHelper;

namespace MlnetClip.Cli.Input;

/// <summary>
/// Reads a value column and a time column of a CSV file, and refuses what it cannot read rather than guess: every error
/// names the file, the line, the column by number and name, and what stood there.
/// </summary>
/// <remarks>
/// Numbers are in the invariant culture. Missing are an empty field, <c>NaN</c> and <c>NA</c> in any case.
/// The first line is the header; every row has as many fields as it. Blank lines at the end are ignored; elsewhere a
/// blank line is a missing value in a file of one column and an error in any other.
/// </remarks>
internal sealed class SeriesCsv : IDisposable
{
    private const int LargestRecord = 16 << 20;

    private readonly string _path;
    private readonly CsvReader _csv;
    private readonly List<float> _values = [];
    private readonly List<string> _times = [];
    private readonly List<int> _lines = [];
    private string[] _headers = [];

    private SeriesCsv(string path, char? delimiter)
    {
        _path = path;
        _csv = CsvReader.FromFile(path, new CsvReaderOptions
        {
            Separator = delimiter,
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
    /// <param name="timeFormat">The .NET format of the times; null to find it in the first row.</param>
    /// <param name="delimiter">What separates fields; null to find out among comma, semicolon, tab and bar.</param>
    /// <exception cref="InputException">The file, a column or a field cannot be read.</exception>
    public static TimeSeries Read(string path, string value, string? time = null, string? timeFormat = null, char? delimiter = null)
    {
        if (Directory.Exists(path)) throw new InputException($"--data must be a CSV file, but '{path}' is a folder.");
        if (!File.Exists(path)) throw new InputException($"--data must be a CSV file that exists, but there is no '{path}'.");
        try
        {
            using var reader = new SeriesCsv(path, delimiter);
            return reader.Read(value, time, timeFormat);
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

    private TimeSeries Read(string value, string? time, string? timeFormat)
    {
        _csv.ReadHeader();
        _headers = [.. _csv.Headers];
        CheckHeader();
        int valueIndex = Column("--value", value);
        int timeIndex = time is null ? -1 : Column("--time", time);
        if (valueIndex == timeIndex) throw new InputException($"--value and --time must name two columns, but both are '{value}'.");
        ReadRows(valueIndex, timeIndex);
        if (_values.Count == 0) throw new InputException($"{_path} has a header and no rows.");

        TimeAxis? axis = time is null
            ? null
            : TimeAxis.Parse(time, [.. _times], timeFormat, row => Place(_lines[row], timeIndex), row => _lines[row]);
        return new TimeSeries(_path, value, [.. _values], axis);
    }

    private void ReadRows(int valueIndex, int timeIndex)
    {
        var blanks = new Queue<int>();
        while (_csv.Read())
        {
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
        if (_headers.Length > 1) throw new InputException($"{_path}, line {line} is blank.", "remove the line; for a missing value leave its field empty.");
        _values.Add(float.NaN);
        _lines.Add(line);
    }

    private void CheckHeader()
    {
        if (new FileInfo(_path).Length == 0) throw new InputException($"{_path} is empty: expected a header line and rows.");
        if (_headers.Any(h => h.Any(char.IsControl))) throw new InputException($"{_path} does not look like a text file: its first line has control characters.", "--data reads CSV.");
        if (_headers.All(string.IsNullOrWhiteSpace)) throw new InputException($"{_path}, line 1 is blank: expected the names of the columns.");
    }

    private void CheckFieldCount(int line)
    {
        if (_csv.FieldCount == _headers.Length) return;
        throw new InputException(
            $"{_path}, line {line} has {_csv.FieldCount} fields, separated by '{Show(_csv.Separator)}', but the header has {_headers.Length}.",
            "quote fields that contain the separator; numbers take a decimal point, not a comma; --delimiter names another separator.");
    }

    private int Column(string option, string name)
    {
        int index = Array.IndexOf(_headers, name);
        if (index >= 0 && Array.LastIndexOf(_headers, name) == index) return index;
        if (index >= 0) throw new InputException($"{option} must name one column, but {_path} has several named '{name}'.");

        string listed = string.Join(", ", _headers.Take(40).Select(h => $"'{h}'")) + (_headers.Length > 40 ? ", ..." : "");
        string? closest = Closest.To(name, _headers);
        throw new InputException(
            $"{option} must name a column of {_path}, but there is no '{name}'. There are: {listed}.",
            closest is not null ? $"did you mean '{closest}'?"
            : _headers.Length == 1 ? $"the fields were taken as separated by '{Show(_csv.Separator)}'; --delimiter names another separator."
            : null);
    }

    private float Value(string text, int line, int column)
    {
        if (IsMissing(text)) return float.NaN;
        if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value))
        {
            throw new InputException(
                $"{Place(line, column)}: '{text}' is not a number: expected one such as 315.7 or -2e3, or nothing, NaN or NA where the value is missing.",
                text.Contains(',', StringComparison.Ordinal) ? "write the number with a decimal point and without separators of thousands." : "for a missing value leave the field empty.");
        }

        if (float.IsFinite(value)) return value;
        throw new InputException(
            $"{Place(line, column)}: '{text}' is infinite or beyond the range of a single-precision number, ±3.4e38.",
            "leave the field empty where the value is not known, or scale the column.");
    }

    private static bool IsMissing(string text) =>
        text.Length == 0 || text.Equals("NaN", StringComparison.OrdinalIgnoreCase) || text.Equals("NA", StringComparison.OrdinalIgnoreCase);

    private string Place(int line, int column) => $"{_path}, line {line}, column {column + 1} ('{_headers[column]}')";

    private static string Show(char separator) => separator == '\t' ? "tab" : separator.ToString();
}
