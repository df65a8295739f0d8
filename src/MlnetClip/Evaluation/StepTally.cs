namespace MlnetClip.Evaluation;

/// <summary>What was counted at one step of the horizon: the forecaster and three naive forecasts on the same pairs.</summary>
/// <param name="quantiles">The number of quantiles.</param>
internal sealed class StepTally(int quantiles)
{
    private readonly QuantileSums[] _quantiles = new QuantileSums[quantiles];
    private ErrorSums _model, _last, _seasonal, _drift;
    private IntervalSums _interval;
    private long _skipped;

    /// <summary>Pairs that were evaluated.</summary>
    public long Pairs => _model.Count;

    /// <summary>Pairs whose forecast is missing or not finite.</summary>
    public long Skipped => _skipped;

    /// <summary>Counts a pair whose forecast is missing or not finite.</summary>
    public void Skip() => _skipped++;

    /// <summary>Adds a pair.</summary>
    public void Add(double actual, double forecast, double last, double seasonal, double drift)
    {
        _model.Add(forecast, actual);
        _last.Add(last, actual);
        _seasonal.Add(seasonal, actual);
        _drift.Add(drift, actual);
    }

    /// <summary>Adds a quantile of the same pair.</summary>
    public void AddQuantile(int number, double level, double quantile, double actual) => _quantiles[number].Add(level, quantile, actual);

    /// <summary>Adds the bounds of the same pair.</summary>
    public void AddBounds(double lower, double upper, double actual) => _interval.Add(lower, upper, actual);

    /// <summary>Adds what was counted in a series.</summary>
    public void Add(StepTally other, double scale)
    {
        _model.Add(other._model, scale);
        _last.Add(other._last, scale);
        _seasonal.Add(other._seasonal, scale);
        _drift.Add(other._drift, scale);
        for (int q = 0; q < _quantiles.Length; q++) _quantiles[q].Add(other._quantiles[q]);
        _interval.Add(other._interval);
        _skipped += other._skipped;
    }

    /// <summary>The scores of what was added from series.</summary>
    /// <param name="scale">MASE's denominator, for the result.</param>
    /// <param name="origins">Rows at which a forecast was evaluated.</param>
    /// <param name="levels">The levels of the quantiles.</param>
    /// <param name="hasBounds">Whether there are bounds.</param>
    public ForecastScores Scores(double scale, int origins, IReadOnlyList<double> levels, bool hasBounds) => new()
    {
        Model = _model.Metrics(),
        LastValue = _last.Metrics(),
        SeasonalNaive = _seasonal.Metrics(),
        SeasonalNaiveDrift = _drift.Metrics(),
        Scale = scale,
        Origins = origins,
        Pairs = Pairs,
        Skipped = _skipped,
        ZeroActuals = _model.ZeroActuals,
        Unscaled = _model.Unscaled,
        Quantiles = [.. levels.Select((level, q) => _quantiles[q].Scores(level))],
        Interval = hasBounds ? _interval.Scores() : null,
    };
}
