namespace MlnetClip.Evaluation;

/// <summary>Sums over the actual values that bounds were compared with.</summary>
internal struct IntervalSums
{
    private double _width;
    private long _inside, _count, _skipped;

    /// <summary>Adds a pair of bounds; they are skipped where one of them is not finite.</summary>
    public void Add(double lower, double upper, double actual)
    {
        if (!double.IsFinite(lower) || !double.IsFinite(upper))
        {
            _skipped++;
            return;
        }

        _width += upper - lower;
        if (lower <= actual && actual <= upper) _inside++;
        _count++;
    }

    /// <summary>Adds the sums of another series.</summary>
    public void Add(in IntervalSums other)
    {
        _width += other._width;
        _inside += other._inside;
        _count += other._count;
        _skipped += other._skipped;
    }

    /// <summary>The means.</summary>
    public readonly IntervalScores Scores() => new((double)_inside / _count, _width / _count, _count, _skipped);
}
