using MlnetClip.Persistence;

namespace MlnetClip.Data;

/// <summary>The last values of a sequence, contiguous.</summary>
/// <param name="size">How many are kept, 0 or more.</param>
internal sealed class Rolling(int size)
{
    // Twice the size, so that the last values are contiguous and move once in size values.
    private readonly double[] _values = new double[2 * size];
    private int _count;

    /// <summary>Whether as many values as are kept have been added.</summary>
    public bool IsFull => _count >= size;

    /// <summary>The number of values that are kept.</summary>
    public int Count => Math.Min(_count, size);

    /// <summary>The last values, oldest first; to be read only when <see cref="IsFull"/>.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(_count - size, size);

    /// <summary>Adds a value.</summary>
    public void Push(double value)
    {
        if (size == 0) return;
        if (_count == _values.Length)
        {
            _values.AsSpan(size).CopyTo(_values);
            _count = size;
        }

        _values[_count++] = value;
    }

    /// <summary>Writes the values that are kept.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(Count);
        foreach (double value in _values.AsSpan(_count - Count, Count)) writer.Write(value);
    }

    /// <summary>Replaces the values by those that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">There are more than fit, or one is infinite.</exception>
    public void Load(BinaryReader reader)
    {
        _count = reader.ReadInt32();
        SavedField.InRange("Rows", _count, 0, size);
        for (int i = 0; i < _count; i++) SavedField.InRangeOrNaN("Value", _values[i] = reader.ReadDouble());
    }
}
