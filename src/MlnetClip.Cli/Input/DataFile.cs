using CsvHelper;
using MlnetClip.Cli.Output;
using MlnetClip.Settings;

namespace MlnetClip.Cli.Input;

/// <summary>Opens the file of <c>--data</c> and turns what goes wrong while it is read into wrong input.</summary>
internal static class DataFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">How it is written; null to detect it.</param>
    /// <param name="read">Reads the rows.</param>
    /// <exception cref="InputException">The file, a column or a field cannot be read.</exception>
    public static T Read<T>(string path, CsvLayout? layout, Func<ITable, T> read)
    {
        if (Directory.Exists(path)) throw new InputException($"--data must be a CSV or Parquet file, but '{path}' is a folder.");
        if (!File.Exists(path)) throw new InputException($"--data must be a CSV or Parquet file that exists, but there is no '{path}'.");
        try
        {
            using ITable table = ParquetTable.IsParquet(path) ? ParquetTable.Open(path) : CsvTable.Open(path, layout ?? new CsvLayout());
            return read(table);
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

    /// <summary>The number of a column.</summary>
    /// <param name="table">The file.</param>
    /// <param name="option">The option that names it.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="InputException">There is none, or there are several.</exception>
    public static int Column(this ITable table, string option, string name)
    {
        int[] found = Find(table, name);
        if (found.Length == 1) return found[0];
        if (found.Length > 1) throw new InputException($"{option} must name one column, but {table.Path} has several named '{SafeText.Of(name)}'.");

        string listed = string.Join(", ", table.Headers.Take(40).Select(h => $"'{SafeText.Of(h)}'")) + (table.Headers.Count > 40 ? ", ..." : "");
        string? hint = table.WhyNotFound();
        hint ??= Closest.To(name, table.Headers) is { } closest ? $"did you mean '{SafeText.Of(closest)}'?" : (table as CsvTable)?.SeparatorHint;
        throw new InputException($"{option} must name a column of {table.Path}, but there is no '{SafeText.Of(name)}'. The columns are {listed}.", hint);
    }

    /// <summary>Whether the file has a column.</summary>
    public static bool Has(this ITable table, string name) => Find(table, name).Length > 0;

    private static int[] Find(ITable table, string name)
    {
        int[] found = Matching(header => header == name);
        return found.Length > 0 ? found : Matching(header => ColumnName.Same(header, name));

        int[] Matching(Func<string, bool> matches) => [.. Enumerable.Range(0, table.Headers.Count).Where(i => matches(table.Headers[i]))];
    }
}
