namespace MlnetClip.Evaluation;

/// <summary>Sums over the actual values that a quantile was compared with.</summary>
internal struct QuantileSums
{
    private double _loss;
    private long _below, _count, _skipped;

    /// <summary>Adds a quantile; it is skipped where it is not finite.</summary>
    public void Add(double level, double quantile, double actual)
    {
        if (!double.IsFinite(quantile))
        {
            _skipped++;
            return;
        }

        double difference = actual - quantile;
        _loss += Math.Max(level * difference, (level - 1) * difference);
        if (actual <= quantile) _below++;
        _count++;
    }

    /// <summary>Adds the sums of another series.</summary>
    public void Add(in QuantileSums other)
    {
        _loss += other._loss;
        _below += other._below;
        _count += other._count;
        _skipped += other._skipped;
    }

    /// <summary>The means.</summary>
    public readonly QuantileScores Scores(double level) => new(level, _loss / _count, (double)_below / _count, _count, _skipped);
}
