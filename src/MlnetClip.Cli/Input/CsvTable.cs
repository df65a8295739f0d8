using System.Globalization;
using CsvHelper;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Input;

/// <summary>Reads a CSV file row by row. It reports what it cannot read instead of guessing.</summary>
/// <remarks>
/// The first line is the header; every row has as many fields as it. Blank lines at the end are ignored; elsewhere a
/// blank line is a missing value in a file of one column and an error in any other.
/// </remarks>
internal sealed class CsvTable : ITable
{
    private const int LargestRecord = 16 << 20;

    private readonly CsvLayout _layout;
    private readonly CsvReader _csv;
    private readonly Queue<int> _blanks = new();
    private readonly string[] _headers;
    private bool _isBlank, _isPending;
    private int _line;

    private CsvTable(string path, CsvLayout layout)
    {
        (Path, _layout) = (path, layout);
        _csv = CsvReader.FromFile(path, new CsvReaderOptions
        {
            Separator = layout.Delimiter,
            Encoding = layout.Encoding,
            SkipEmptyLines = false,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            MaxRecordSize = LargestRecord,
        });
        try
        {
            _headers = layout.NoHeader ? Numbered() : Named();
        }
        catch
        {
            _csv.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Headers => _headers;

    /// <inheritdoc/>
    public bool DecimalComma => _layout.DecimalComma;

    /// <inheritdoc/>
    public int Line => _isBlank ? _blanks.Peek() : _line;

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="InputException">It is empty, or is no text file.</exception>
    public static CsvTable Open(string path, CsvLayout layout) => new(path, layout);

    /// <inheritdoc/>
    public bool Read()
    {
        if (_isBlank)
        {
            _blanks.Dequeue();
            _isBlank = _blanks.Count > 0;
            return true; // a further blank line, or the row after them
        }

        while (_isPending || _csv.Read())
        {
            _line = (int)_csv.LineNumber;
            if (!_isPending && _csv.RawRecord.Length == 0)
            {
                _blanks.Enqueue(_line);
                continue;
            }

            _isPending = false;
            CheckFieldCount();
            if (_blanks.Count == 0) return true;
            if (_headers.Length > 1) throw new InputException($"{Path}, line {_blanks.Peek()} is blank.", "remove the line; for a missing value, leave the field empty.");
            _isBlank = true;
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public string Field(int column) => _isBlank ? "" : _csv.GetString(column).Trim();

    /// <inheritdoc/>
    public string Place(int line, int column) => $"{Path}, line {line}, column {column + 1} ('{SafeText.Of(_headers[column])}')";

    /// <inheritdoc/>
    public string? WhyNotFound()
    {
        const char Undecodable = '\ufffd';
        if (_layout.Encoding is null && _headers.Any(h => h.Contains(Undecodable, StringComparison.Ordinal)))
            return "the file is not in UTF-8; for one written by a Windows program in Western Europe pass --encoding windows-1252.";
        return !_layout.NoHeader && _headers.All(LooksLikeData)
            ? "the first line looks like data: it must name the columns; add a line such as date,value before it, or pass --no-header, which numbers the columns from 1."
            : null;
    }

    /// <summary>What to do where the only column is not the one that was meant.</summary>
    public string? SeparatorHint => _headers.Length == 1 ? $"the detected separator is '{Show(_csv.Separator)}'; set another one with --delimiter." : null;

    public void Dispose() => _csv.Dispose();

    private string[] Named()
    {
        _csv.ReadHeader();
        string[] headers = [.. _csv.Headers];
        CheckText(headers);
        if (headers.All(string.IsNullOrWhiteSpace)) throw new InputException($"{Path}, line 1 is blank: expected the names of the columns.");
        return headers;
    }

    private string[] Numbered()
    {
        if (!_csv.Read()) throw new InputException($"{Path} is empty: expected rows.");
        _isPending = true;
        string[] headers = [.. Enumerable.Range(1, _csv.FieldCount).Select(number => number.ToString(CultureInfo.InvariantCulture))];
        CheckText([.. Enumerable.Range(0, _csv.FieldCount).Select(_csv.GetString)]);
        return headers;
    }

    private void CheckText(string[] fields)
    {
        if (new FileInfo(Path).Length == 0) throw new InputException($"{Path} is empty: expected a header line and rows.");
        if (fields.Any(h => h.Contains('\0', StringComparison.Ordinal)))
            throw new InputException($"{Path} does not look like a text file: its first line has zero bytes.", "--data reads CSV; for UTF-16 without a byte order mark pass --encoding utf-16.");
    }

    private void CheckFieldCount()
    {
        if (_csv.FieldCount == _headers.Length) return;
        throw new InputException(
            $"{Path}, line {_line} has {_csv.FieldCount} fields, separated by '{Show(_csv.Separator)}', but the {(_layout.NoHeader ? "first line" : "header")} has {_headers.Length}.",
            "quote fields that contain the separator, including numbers with a decimal comma; set another separator with --delimiter.");
    }

    private static bool LooksLikeData(string header) =>
        NumberField.IsMissing(header.Trim()) || double.TryParse(header, NumberStyles.Float, CultureInfo.InvariantCulture, out _) || TimeFormat.Detect(header.Trim()) is not null;

    private static string Show(char separator) => separator == '\t' ? "tab" : separator.ToString();
}
