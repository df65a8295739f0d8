using System.Globalization;
using MlnetClip.Checkpoints;
using MlnetClip.Kernels;

namespace MlnetClip.Clipping;

/// <summary>The last norms, both in order of arrival and sorted, so that a percentile does not need sorting at every step.</summary>
internal sealed class PercentileState(int capacity) : ClippingState
{
    private readonly double[] _ring = new double[capacity];
    private readonly double[] _sorted = new double[capacity];
    private int _count;
    private int _oldest;

    public override int Version => 1;

    /// <summary>Adds a norm, and removes the oldest when the window is full.</summary>
    public void Add(double norm)
    {
        if (_count == capacity)
        {
            int gone = Array.BinarySearch(_sorted, 0, _count, _ring[_oldest]);
            Array.Copy(_sorted, gone + 1, _sorted, gone, _count - gone - 1);
            _count--;
        }

        _ring[_oldest] = norm;
        _oldest = (_oldest + 1) % capacity;
        int place = Array.BinarySearch(_sorted, 0, _count, norm);
        if (place < 0) place = ~place;
        Array.Copy(_sorted, place, _sorted, place + 1, _count - place);
        _sorted[place] = norm;
        _count++;
    }

    /// <summary>A percentile of the norms, interpolated linearly.</summary>
    public double Percentile(double percentile) => SortedQuantile.Of(_sorted.AsSpan(0, _count), percentile / 100);

    public override string Describe() => _count == 0
        ? "no norms yet"
        : string.Create(CultureInfo.InvariantCulture, $"{_count} norms from {_sorted[0]:G4} to {_sorted[_count - 1]:G4}, median {Percentile(50):G4}");

    public override void Write(BinaryWriter writer)
    {
        writer.Write(capacity);
        writer.Write(_count);
        int first = _count < capacity ? 0 : _oldest;
        for (int i = 0; i < _count; i++) writer.Write(_ring[(first + i) % capacity]);
    }

    public override void Read(BinaryReader reader, int version)
    {
        reader.ReadInt32("the length of the history", capacity, capacity);
        int count = reader.ReadCount("the number of norms in the history", sizeof(double), capacity);
        (_count, _oldest) = (0, 0);
        for (int i = 0; i < count; i++) Add(reader.ReadFinite("a norm of the history", 0));
    }
}
