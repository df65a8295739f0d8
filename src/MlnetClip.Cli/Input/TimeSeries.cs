using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MlnetClip.Cli.Input;

/// <summary>One series of a file: its targets, with the time column where there is one.</summary>
/// <param name="Path">The file, as the user wrote it.</param>
/// <param name="Name">The series' name in the group column; null where there is no such column.</param>
/// <param name="Columns">The columns that are forecast.</param>
/// <param name="Targets">For each of them a value a row; NaN where it is missing, else finite.</param>
/// <param name="Time">The time column, or null.</param>
/// <param name="FileRows">The row of the file of each row.</param>
internal sealed record TimeSeries(string Path, string? Name, IReadOnlyList<string> Columns, double[][] Targets, TimeAxis? Time, int[] FileRows)
{
    /// <summary>Rows of the series, counted without the header.</summary>
    public int Rows => FileRows.Length;

    /// <summary>The first target's name.</summary>
    public string ValueColumn => Columns[0];

    /// <summary>The first target.</summary>
    public double[] Values => Targets[0];

    /// <summary>The series in words: the file, or the name and the file.</summary>
    public string Shown => Name is null ? Path : $"series '{Name}' of {Path}";

    /// <summary>Rows up to the last one that has a target: those after it only carry what is known of the future.</summary>
    public int RowsWithTargets
    {
        get
        {
            int rows = Rows;
            while (rows > 0 && Targets.All(values => double.IsNaN(values[rows - 1]))) rows--;
            return rows;
        }
    }

    /// <summary>What heads a column of labels: the time column's name, or <c>row</c>.</summary>
    public string LabelColumn => Time?.Column ?? "row";

    /// <summary>The label of a row, also of one after the last: its time, or its number counted from 0.</summary>
    public string Label(int row) => Time?.Label(row) ?? row.ToString(CultureInfo.InvariantCulture);

    /// <summary>Identifies the values of the first rows, so that the data that a model was trained on are recognized.</summary>
    public string Fingerprint(int rows) => Hash<double>(Targets.Length == 1 ? Values.AsSpan(0, rows) : [.. Targets.SelectMany(values => values[..rows])]);

    /// <summary>Whether the first rows have the values of a fingerprint. Those that version 0.1 stored are of the values in single precision.</summary>
    public bool Matches(string fingerprint, int rows) =>
        fingerprint == Fingerprint(rows) || fingerprint == Hash<float>(Array.ConvertAll(Values[..rows], value => float.IsNaN((float)value) ? float.NaN : (float)value));

    private static string Hash<T>(ReadOnlySpan<T> values)
        where T : struct => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values)))[..32];
}
