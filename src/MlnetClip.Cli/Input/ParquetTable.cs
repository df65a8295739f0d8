using System.Globalization;
using MlnetClip.Cli.Output;
using Parquet;
using Parquet.Schema;

namespace MlnetClip.Cli.Input;

/// <summary>Reads a Parquet file row by row: its columns of numbers, texts, times and truth values, as the texts that a CSV file would have. A column of a row group is read when its first field is.</summary>
internal sealed class ParquetTable : ITable
{
    private readonly ParquetReader _reader;
    private readonly DataField[] _fields;
    private readonly string[]?[] _columns;
    private ParquetRowGroupReader? _group;
    private int _nextGroup;
    private long _row = -1, _rowsOfGroup;

    private ParquetTable(string path, ParquetReader reader)
    {
        (Path, _reader) = (path, reader);
        _fields = [.. reader.Schema.DataFields.Where(field => field.Path.Length == 1 && !field.IsArray)];
        _columns = new string[_fields.Length][];
        Headers = [.. _fields.Select(field => field.Name)];
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Headers { get; }

    /// <inheritdoc/>
    public bool DecimalComma => false;

    /// <summary>The number of the current row, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Whether a file begins as Parquet files do.</summary>
    public static bool IsParquet(string path)
    {
        using FileStream stream = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[4];
        return stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic.SequenceEqual("PAR1"u8);
    }

    /// <summary>Opens a file and reads its schema.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
    public static ParquetTable Open(string path) => Try(path, () => new ParquetTable(path, ParquetReader.CreateAsync(path).GetAwaiter().GetResult()));

    /// <inheritdoc/>
    public bool Read()
    {
        while (++_row >= _rowsOfGroup)
        {
            if (_nextGroup >= _reader.RowGroupCount) return false;
            _group?.Dispose();
            _group = Try(Path, () => _reader.OpenRowGroupReader(_nextGroup));
            _nextGroup++;
            (_row, _rowsOfGroup) = (-1, _group.RowCount);
            Array.Clear(_columns);
        }

        Line++;
        return true;
    }

    /// <inheritdoc/>
    public string Field(int column) => (_columns[column] ??= Column(_fields[column]))[_row];

    /// <inheritdoc/>
    public string Place(int line, int column) => $"{Path}, row {line}, column {column + 1} ('{SafeText.Of(Headers[column])}')";

    /// <inheritdoc/>
    public string? WhyNotFound() => null;

    public void Dispose()
    {
        _group?.Dispose();
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private string[] Column(DataField field) => Try(Path, () => field.ClrType switch
    {
        var type when type == typeof(double) => Numbers<double>(field),
        var type when type == typeof(float) => Numbers<float>(field),
        var type when type == typeof(decimal) => Numbers<decimal>(field),
        var type when type == typeof(long) => Numbers<long>(field),
        var type when type == typeof(int) => Numbers<int>(field),
        var type when type == typeof(short) => Numbers<short>(field),
        var type when type == typeof(sbyte) => Numbers<sbyte>(field),
        var type when type == typeof(ulong) => Numbers<ulong>(field),
        var type when type == typeof(uint) => Numbers<uint>(field),
        var type when type == typeof(ushort) => Numbers<ushort>(field),
        var type when type == typeof(byte) => Numbers<byte>(field),
        var type when type == typeof(bool) => Values<bool>(field, value => value ? "true" : "false"),
        var type when type == typeof(DateTime) => Values<DateTime>(field, Text),
        var type when type == typeof(DateOnly) => Values<DateOnly>(field, value => value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        var type when type == typeof(string) || type == typeof(ReadOnlyMemory<char>) => Texts(field),
        _ => throw new InputException($"{Path}: the column '{SafeText.Of(field.Name)}' must hold numbers, texts, times or truth values, but holds {field.ClrType.Name.Split('`')[0]} values.", "convert it where the file is made."),
    });

    private string[] Numbers<T>(DataField field)
        where T : struct, IFormattable => Values<T>(field, value => value.ToString(null, CultureInfo.InvariantCulture));

    private string[] Values<T>(DataField field, Func<T, string> text)
        where T : struct
    {
        if (field.IsNullable)
        {
            var optional = new T?[_rowsOfGroup];
            Wait(_group!.ReadAsync<T>(field, optional.AsMemory()));
            return Array.ConvertAll(optional, value => value is { } known ? text(known) : "");
        }

        var values = new T[_rowsOfGroup];
        Wait(_group!.ReadAsync<T>(field, values.AsMemory()));
        return Array.ConvertAll(values, value => text(value));
    }

    private string[] Texts(DataField field)
    {
        var values = new string?[_rowsOfGroup];
        Wait(_group!.ReadAsync(field, values.AsMemory()!));
        return Array.ConvertAll(values, value => value?.Trim() ?? "");
    }

    /// <summary>A time without the parts that are zero at its end.</summary>
    private static string Text(DateTime time) =>
        time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ss" : "yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture);

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();

    /// <summary>Turns whatever a damaged file leads to into wrong input.</summary>
    private static T Try<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (InputException or OperationCanceledException))
        {
            throw new InputException($"--data '{path}' cannot be read as a Parquet file: {e.Message}", "the file may be damaged.", e);
        }
    }
}
