namespace MlnetClip;

/// <summary>
/// Judges forecasts of one series by a fixed protocol, in the unit of the data, beside three naive forecasts.
/// Steps past the end of the series and steps whose actual value is missing are left out, and so are those for which
/// the model or a naive forecast has no value yet: every column of the comparison is over the same pairs.
/// </summary>
public static class ForecastEvaluation
{
    /// <summary>Judges forecasts that were made at every row from the first origin to the last row.</summary>
    /// <param name="series">The series; NaN where a value is missing.</param>
    /// <param name="forecasts">
    /// The forecasts, [origins, horizon] with <c>origins = series.Length - protocol.FirstOrigin</c>: element
    /// <c>i * horizon + h - 1</c> is the forecast of row <c>FirstOrigin + i + h</c> made at row <c>FirstOrigin + i</c>; NaN where there is none.
    /// </param>
    /// <param name="protocol">Where judging starts, how far forecasts reach, and the season.</param>
    /// <exception cref="ArgumentException">The sizes do not fit each other.</exception>
    public static ForecastScores Evaluate(ReadOnlySpan<double> series, ReadOnlySpan<float> forecasts, ForecastProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        protocol.Validate();
        int first = protocol.FirstOrigin, horizon = protocol.Horizon, season = protocol.Season;
        long expected = Math.Max(0L, series.Length - (long)first) * horizon;
        if (forecasts.Length != expected)
        {
            throw new ArgumentException(
                $"forecasts must hold a horizon of {horizon} for each of the {Math.Max(0, series.Length - first)} rows from row {first} on, {expected} values, but held {forecasts.Length}.",
                nameof(forecasts));
        }

        double[] x = NaiveForecast.CarryForward(series);
        Errors model = default, last = default, seasonal = default, drift = default;
        int origins = 0;
        for (int t = first; t < series.Length; t++)
        {
            long before = model.Count;
            for (int h = 1; h <= horizon && t + h < series.Length; h++)
            {
                double actual = series[t + h];
                double forecast = forecasts[(t - first) * horizon + h - 1];
                double lastValue = NaiveForecast.LastValue(x, t);
                double seasonalNaive = NaiveForecast.Seasonal(x, t, h, season);
                double seasonalDrift = NaiveForecast.SeasonalDrift(x, t, h, season);
                if (double.IsNaN(actual + forecast + lastValue + seasonalNaive + seasonalDrift)) continue;
                model.Add(forecast - actual);
                last.Add(lastValue - actual);
                seasonal.Add(seasonalNaive - actual);
                drift.Add(seasonalDrift - actual);
            }

            if (model.Count > before) origins++;
        }

        double scale = Scale(series[..Math.Min(first, series.Length)], season);
        return new ForecastScores
        {
            Model = model.Metrics(scale),
            LastValue = last.Metrics(scale),
            SeasonalNaive = seasonal.Metrics(scale),
            SeasonalNaiveDrift = drift.Metrics(scale),
            Scale = scale,
            Origins = origins,
            Pairs = model.Count,
        };
    }

    /// <summary>MASE's denominator: the mean of <c>|x[i] - x[i - season]|</c> over the rows where both are observed; NaN without such a row.</summary>
    /// <param name="series">The rows before the first origin; NaN where a value is missing.</param>
    /// <param name="season">Rows of a season, at least 1.</param>
    public static double Scale(ReadOnlySpan<double> series, int season)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(season, 1);
        double sum = 0;
        int count = 0;
        for (int i = season; i < series.Length; i++)
        {
            double difference = Math.Abs(series[i] - series[i - season]);
            if (double.IsNaN(difference)) continue;
            sum += difference;
            count++;
        }

        return sum / count;
    }

    /// <summary>Sums of errors of one forecaster.</summary>
    private struct Errors
    {
        private double _absolute;
        private double _squared;

        public long Count { get; private set; }

        public void Add(double error)
        {
            _absolute += Math.Abs(error);
            _squared += error * error;
            Count++;
        }

        public readonly ForecastMetrics Metrics(double scale) =>
            new(_absolute / Count, Math.Sqrt(_squared / Count), scale > 0 ? _absolute / Count / scale : double.NaN);
    }
}
