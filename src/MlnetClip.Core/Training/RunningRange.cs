using MlnetClip.Checkpoints;

namespace MlnetClip.Training;

/// <summary>Smallest, mean and largest of the values that were added.</summary>
internal struct RunningRange
{
    public const int Bytes = (3 * sizeof(double)) + sizeof(long);

    private double _smallest, _largest, _sum;
    private long _count;

    /// <summary>The range of the values; <see cref="FigureRange.None"/> without any.</summary>
    public readonly FigureRange Range => _count == 0 ? FigureRange.None : new(_smallest, Math.Clamp(_sum / _count, _smallest, _largest), _largest);

    /// <summary>Adds a value; one that is not finite does not count.</summary>
    public void Add(double value)
    {
        if (!double.IsFinite(value)) return;
        _smallest = _count == 0 ? value : Math.Min(_smallest, value);
        _largest = _count == 0 ? value : Math.Max(_largest, value);
        _sum += value;
        _count++;
    }

    /// <summary>Adds the values of another range.</summary>
    public void Add(in RunningRange other)
    {
        if (other._count == 0) return;
        _smallest = _count == 0 ? other._smallest : Math.Min(_smallest, other._smallest);
        _largest = _count == 0 ? other._largest : Math.Max(_largest, other._largest);
        _sum += other._sum;
        _count += other._count;
    }

    public readonly void Write(BinaryWriter writer)
    {
        writer.Write(_count);
        writer.Write(_smallest);
        writer.Write(_largest);
        writer.Write(_sum);
    }

    /// <param name="reader">The entry.</param>
    /// <param name="of">What the values are, for errors.</param>
    /// <param name="steps">The most values that there can be.</param>
    public void Read(BinaryReader reader, string of, long steps)
    {
        _count = reader.ReadInt64($"the number of {of}", 0, steps);
        _smallest = reader.ReadFinite($"the smallest of {of}");
        _largest = reader.ReadFinite($"the largest of {of}", _smallest);
        _sum = reader.ReadFinite($"the sum of {of}");
    }
}
