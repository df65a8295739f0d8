namespace MlnetClip.Data;

/// <summary>The last rows of a series that arrives row by row, gaps filled as in training.</summary>
/// <param name="size">Rows of the window, 1 or more.</param>
/// <param name="maximumGap">The largest age of the last observation, in rows, at which the window can still be used; 0 or more.</param>
internal sealed class SlidingWindow(int size, int maximumGap)
{
    // Twice the window, so that the last window is contiguous and values move once in size rows.
    private readonly double[] _values = new double[2 * size];
    private LastObservation<double> _gaps = new();
    private int _count;
    private long _age;

    /// <summary>
    /// Whether the last rows can be forecast from: as many as the window holds have been seen, from the first observation on, and
    /// the last observation is not too old.
    /// </summary>
    public bool IsReady => _count >= size && _age <= maximumGap;

    /// <summary>The last rows, oldest first; to be read only when <see cref="IsReady"/>.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(_count - size, size);

    /// <summary>Takes the next row. Missing values repeat the last observation; rows before the first observation are not counted.</summary>
    /// <exception cref="InvalidDataException">The value is infinite, or too large.</exception>
    public void Push(double value, string columnName, long row)
    {
        SeriesReader.Check(value, columnName, row);
        _age = double.IsNaN(value) ? _age + 1 : 0;
        value = _gaps.Fill(value);
        if (double.IsNaN(value)) return;
        if (_count == _values.Length)
        {
            _values.AsSpan(size).CopyTo(_values);
            _count = size;
        }

        _values[_count++] = value;
    }
}
