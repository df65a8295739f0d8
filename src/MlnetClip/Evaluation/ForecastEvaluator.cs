using System.Runtime.CompilerServices;

namespace MlnetClip;

/// <summary>
/// Evaluates forecasts one origin at a time by the protocol of <see cref="ForecastEvaluation"/>, so that the forecasts do not have
/// to be held in memory.
/// </summary>
public sealed class ForecastEvaluator
{
    private readonly ForecastProtocol _protocol;
    private readonly double[] _actual;
    private readonly double[] _filled;
    private Errors _model, _last, _seasonal, _drift;
    private int _next;
    private int _origins;
    private long _skipped;

    /// <param name="series">The series; NaN where a value is missing.</param>
    /// <param name="protocol">The first origin, the horizon and the season.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of the protocol is outside its range.</exception>
    public ForecastEvaluator(ReadOnlySpan<double> series, ForecastProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        protocol.Validate();
        _protocol = protocol;
        _actual = series.ToArray();
        _filled = NaiveForecast.CarryForward(series);
        _next = protocol.FirstOrigin;
    }

    /// <summary>Adds the forecast made at the next origin; the first call is for the protocol's first origin.</summary>
    /// <param name="forecast">A value for each row of the horizon; NaN where there is none.</param>
    /// <exception cref="ArgumentException">The number of values differs from the horizon.</exception>
    /// <exception cref="InvalidOperationException">There already is a forecast for every row of the series.</exception>
    [OverloadResolutionPriority(1)] // an empty literal fits both overloads
    public void Add(ReadOnlySpan<float> forecast)
    {
        var values = new double[forecast.Length];
        for (int h = 0; h < values.Length; h++) values[h] = forecast[h];
        Add(values);
    }

    /// <inheritdoc cref="Add(ReadOnlySpan{float})"/>
    public void Add(ReadOnlySpan<double> forecast)
    {
        if (forecast.Length != _protocol.Horizon)
            throw new ArgumentException($"forecast must have a value for each of the {_protocol.Horizon} rows of the horizon, but had {forecast.Length}.", nameof(forecast));
        if (_next >= _actual.Length) throw new InvalidOperationException($"There already is a forecast for each of the {_actual.Length} rows of the series.");
        int t = _next++;
        long before = _model.Count;
        int steps = Math.Min(_protocol.Horizon, _actual.Length - 1 - t);
        for (int h = 1; h <= steps; h++)
        {
            double actual = _actual[t + h];
            double lastValue = NaiveForecast.LastValue(_filled, t);
            double seasonal = NaiveForecast.Seasonal(_filled, t, h, _protocol.Season);
            double drift = NaiveForecast.SeasonalDrift(_filled, t, h, _protocol.Season);
            if (double.IsNaN(actual + lastValue + seasonal + drift)) continue;
            if (!double.IsFinite(forecast[h - 1]))
            {
                _skipped++;
                continue;
            }

            _model.Add(forecast[h - 1] - actual);
            _last.Add(lastValue - actual);
            _seasonal.Add(seasonal - actual);
            _drift.Add(drift - actual);
        }

        if (_model.Count > before) _origins++;
    }

    /// <summary>The scores of the forecasts so far.</summary>
    /// <exception cref="InvalidDataException">No forecast could be evaluated; the message says why.</exception>
    public ForecastScores Scores()
    {
        if (_model.Count == 0) throw new InvalidDataException(NothingEvaluated());
        double scale = ForecastEvaluation.Scale(_actual.AsSpan(0, Math.Min(_protocol.FirstOrigin, _actual.Length)), _protocol.Season);
        return new ForecastScores
        {
            Model = _model.Metrics(scale),
            LastValue = _last.Metrics(scale),
            SeasonalNaive = _seasonal.Metrics(scale),
            SeasonalNaiveDrift = _drift.Metrics(scale),
            Scale = scale,
            Origins = _origins,
            Pairs = _model.Count,
            Skipped = _skipped,
        };
    }

    private string NothingEvaluated() => _skipped > 0
        ? $"No forecast from row {_protocol.FirstOrigin} on could be evaluated: all {_skipped} forecast values are missing or not finite."
        : $"No forecast from row {_protocol.FirstOrigin} on could be evaluated: no later row has both a value and all three naive forecasts, "
            + $"which need the {_protocol.Season} rows of a season before the origin.";

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
