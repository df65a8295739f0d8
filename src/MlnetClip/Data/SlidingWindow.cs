namespace MlnetClip.Data;

/// <summary>The last rows of a series that arrives row by row, gaps filled as in training.</summary>
/// <param name="size">Rows of the window, 1 or more.</param>
internal sealed class SlidingWindow(int size)
{
    // Twice the window, so that the last window is contiguous and values move once in size rows.
    private readonly float[] _values = new float[2 * size];
    private LastObservation<float> _gaps = new();
    private int _count;

    /// <summary>Whether as many rows as the window holds have been seen, from the first observation on.</summary>
    public bool IsFull => _count >= size;

    /// <summary>The last rows, oldest first; to be read only when <see cref="IsFull"/>.</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(_count - size, size);

    /// <summary>Takes the next row. Missing values repeat the last observation; rows before the first observation are not counted.</summary>
    /// <exception cref="InvalidDataException">The value is infinite.</exception>
    public void Push(float value, string columnName, long row)
    {
        SeriesReader.RefuseInfinite(value, columnName, row);
        value = _gaps.Fill(value);
        if (float.IsNaN(value)) return;
        if (_count == _values.Length)
        {
            _values.AsSpan(size).CopyTo(_values);
            _count = size;
        }

        _values[_count++] = value;
    }
}
