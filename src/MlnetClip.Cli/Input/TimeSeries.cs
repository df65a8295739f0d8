using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MlnetClip.Cli.Input;

/// <summary>One column of a CSV file, with its time column where there is one.</summary>
/// <param name="Path">The file, as the user wrote it.</param>
/// <param name="ValueColumn">The column's name.</param>
/// <param name="Values">A value a row; NaN where it is missing, else finite.</param>
/// <param name="Time">The time column, or null.</param>
internal sealed record TimeSeries(string Path, string ValueColumn, double[] Values, TimeAxis? Time)
{
    /// <summary>Rows of the file, counted without the header.</summary>
    public int Rows => Values.Length;

    /// <summary>What heads a column of labels: the time column's name, or <c>row</c>.</summary>
    public string LabelColumn => Time?.Column ?? "row";

    /// <summary>The label of a row, also of one after the last: its time, or its number counted from 0.</summary>
    public string Label(int row) => Time?.Label(row) ?? row.ToString(CultureInfo.InvariantCulture);

    /// <summary>Identifies the values of the first rows, so that the data that a model was trained on are recognized.</summary>
    public string Fingerprint(int rows) => Hash<double>(Values.AsSpan(0, rows));

    /// <summary>Whether the first rows have the values of a fingerprint. Those that version 0.1 stored are of the values in single precision.</summary>
    public bool Matches(string fingerprint, int rows) =>
        fingerprint == Fingerprint(rows) || fingerprint == Hash<float>(Array.ConvertAll(Values[..rows], value => float.IsNaN((float)value) ? float.NaN : (float)value));

    private static string Hash<T>(ReadOnlySpan<T> values)
        where T : struct => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values)))[..32];
}
