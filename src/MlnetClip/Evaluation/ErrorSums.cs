namespace MlnetClip.Evaluation;

/// <summary>Sums of the errors of one forecaster.</summary>
internal struct ErrorSums
{
    private double _absolute, _squared, _percentage, _symmetric, _scaled;
    private long _nonZero, _withScale;

    /// <summary>Pairs of forecast and actual value.</summary>
    public long Count { get; private set; }

    /// <summary>Pairs whose actual value is 0, for which a percentage error is not defined.</summary>
    public readonly long ZeroActuals => Count - _nonZero;

    /// <summary>Pairs without a scale for MASE.</summary>
    public readonly long Unscaled => Count - _withScale;

    /// <summary>Adds a pair.</summary>
    public void Add(double forecast, double actual)
    {
        double error = Math.Abs(forecast - actual), size = Math.Abs(forecast) + Math.Abs(actual);
        _absolute += error;
        _squared += error * error;
        _symmetric += size == 0 ? 0 : 2 * error / size;
        if (actual != 0)
        {
            _percentage += error / Math.Abs(actual);
            _nonZero++;
        }

        Count++;
    }

    /// <summary>Adds the pairs of a series.</summary>
    /// <param name="other">The sums of its pairs.</param>
    /// <param name="scale">The series' scale for MASE; not above 0 where there is none.</param>
    public void Add(in ErrorSums other, double scale)
    {
        _absolute += other._absolute;
        _squared += other._squared;
        _percentage += other._percentage;
        _symmetric += other._symmetric;
        _nonZero += other._nonZero;
        Count += other.Count;
        if (!(scale > 0)) return;
        _scaled += other._absolute / scale;
        _withScale += other.Count;
    }

    /// <summary>The means; NaN where there is no pair.</summary>
    public readonly ForecastMetrics Metrics() => new(_absolute / Count, Math.Sqrt(_squared / Count), _scaled / _withScale)
    {
        Mape = _percentage / _nonZero,
        Smape = _symmetric / Count,
    };
}
