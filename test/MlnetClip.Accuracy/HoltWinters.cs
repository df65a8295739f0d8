namespace MlnetClip.Accuracy;

/// <summary>
/// Exponential smoothing of level, damped trend and season (Holt 1957, Winters 1960; Hyndman and Athanasopoulos, Forecasting: Principles and Practice, chapter 8).
/// Missing values leave the state as it forecasts itself.
/// </summary>
/// <param name="Season">Rows of a season; 1 for none.</param>
/// <param name="Multiplicative">Whether the season multiplies the level instead of being added to it.</param>
/// <param name="Alpha">Smoothing of the level, 0 to 1.</param>
/// <param name="Beta">Smoothing of the trend, 0 to 1.</param>
/// <param name="Gamma">Smoothing of the season, 0 to 1.</param>
/// <param name="Phi">Damping of the trend, 0 to 1; 1 for none, 0 for no trend.</param>
internal sealed record HoltWinters(int Season, bool Multiplicative, double Alpha, double Beta, double Gamma, double Phi)
{
    private double[] _season = [];
    private double _level, _trend;
    private long _row;

    /// <summary>Sets the state before the first row.</summary>
    public void Start(double level, double trend, ReadOnlySpan<double> season)
    {
        (_level, _trend, _row) = (level, trend, 0);
        _season = season.ToArray();
    }

    /// <summary>The forecast of h rows ahead.</summary>
    public double Forecast(int h)
    {
        double trend = 0;
        for (int i = 0; i < h; i++) trend = Phi * (trend + _trend);
        return With(_level + trend, _season[(_row + h - 1) % Season]);
    }

    /// <summary>Takes the next row.</summary>
    public void Push(double value)
    {
        ref double season = ref _season[_row++ % Season];
        double expected = _level + (Phi * _trend);
        if (double.IsNaN(value))
        {
            (_level, _trend) = (expected, Phi * _trend);
            return;
        }

        double before = _level;
        _level = (Alpha * (Multiplicative ? value / season : value - season)) + ((1 - Alpha) * expected);
        _trend = (Beta * (_level - before)) + ((1 - Beta) * Phi * _trend);
        if (Season > 1) season = (Gamma * (Multiplicative ? value / expected : value - expected)) + ((1 - Gamma) * season);
    }

    private double With(double level, double season) => Multiplicative ? level * season : level + season;
}
