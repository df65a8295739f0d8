using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MlnetClip.Data;

/// <summary>
/// A series held once: its values with gaps filled by the last observation before them, and which of them were observed.
/// </summary>
/// <remarks>Rows before the first observation cannot be filled; do not read their values.</remarks>
internal sealed class Series
{
    private readonly double[] _values;
    private readonly bool[] _observed;

    /// <param name="values">The rows in time order, NaN where a value is missing, otherwise finite; kept, and filled in place.</param>
    public Series(double[] values)
    {
        _values = values;
        _observed = new bool[values.Length];
        FirstObserved = values.Length;
        var gaps = new LastObservation<double>();
        for (int i = 0; i < values.Length; i++)
        {
            _observed[i] = !double.IsNaN(values[i]);
            if (_observed[i]) FirstObserved = Math.Min(FirstObserved, i);
            values[i] = gaps.Fill(values[i]);
        }
    }

    /// <summary>Number of rows.</summary>
    public int Length => _values.Length;

    /// <summary>The first row that has a value; <see cref="Length"/> where none has.</summary>
    public int FirstObserved { get; }

    /// <summary>The rows from <paramref name="start"/> on, gaps filled.</summary>
    public ReadOnlySpan<double> Filled(int start, int length) => _values.AsSpan(start, length);

    /// <summary>The value of a row, its gap filled.</summary>
    public double this[int row] => _values[row];

    /// <summary>Whether the row had a value of its own.</summary>
    public bool IsObserved(int row) => _observed[row];

    /// <summary>SHA-256 of the rows, values and gaps, in hexadecimal: equal for equal series.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(_values.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(_observed.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Rows from <paramref name="start"/> to before <paramref name="end"/> that had a value.</summary>
    public int CountObserved(int start, int end) => _observed.AsSpan(start, end - start).Count(true);
}
