using MlnetClip.Checkpoints;

namespace MlnetClip.Clipping;

/// <summary>The last figures of a kind, with their mean and standard deviation. Sums run from the oldest to the newest, so that they have the same bits after a resume.</summary>
internal sealed class RecentFigures(int capacity)
{
    private readonly double[] _ring = new double[capacity];
    private int _next;

    /// <summary>How many there are, at most the capacity.</summary>
    public int Count { get; private set; }

    /// <summary>Their mean; NaN without any.</summary>
    public double Mean
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < Count; i++) sum += this[i];
            return sum / Count;
        }
    }

    /// <summary>Their standard deviation as a sample, divided by n - 1; 0 for fewer than two.</summary>
    public double Deviation
    {
        get
        {
            if (Count < 2) return 0;
            double mean = Mean, sum = 0;
            for (int i = 0; i < Count; i++) sum += (this[i] - mean) * (this[i] - mean);
            return Math.Sqrt(sum / (Count - 1));
        }
    }

    /// <summary>Adds a figure; the oldest is dropped when there are too many.</summary>
    public void Add(double figure)
    {
        _ring[_next] = figure;
        _next = (_next + 1) % capacity;
        if (Count < capacity) Count++;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        for (int i = 0; i < Count; i++) writer.Write(this[i]);
    }

    public void Read(BinaryReader reader, string what)
    {
        int count = reader.ReadCount($"the number of figures of the {what}", sizeof(double), capacity);
        (Count, _next) = (0, 0);
        for (int i = 0; i < count; i++) Add(reader.ReadFinite($"a {what} of the window"));
    }

    /// <summary>A figure by age, the oldest first.</summary>
    private double this[int index]
    {
        get
        {
            int at = (Count < capacity ? 0 : _next) + index;
            return _ring[at < capacity ? at : at - capacity];
        }
    }
}
