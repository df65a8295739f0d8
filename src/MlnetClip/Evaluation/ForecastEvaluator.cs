using System.Runtime.CompilerServices;
using MlnetClip.Evaluation;

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
    private readonly double[] _levels;
    private int _next;

    /// <param name="series">The series; NaN where a value is missing.</param>
    /// <param name="protocol">The first origin, the horizon and the season.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of the protocol is outside its range.</exception>
    public ForecastEvaluator(ReadOnlySpan<double> series, ForecastProtocol protocol)
        : this(series.ToArray(), protocol, [])
    {
    }

    /// <param name="series">The series; NaN where a value is missing.</param>
    /// <param name="protocol">The first origin, the horizon and the season.</param>
    /// <param name="quantiles">The levels of the quantiles that are added, ascending, each above 0 and below 1; empty for none.</param>
    /// <param name="name">The name of the series in <see cref="ForecastScores.BySeries"/>; empty for a single one.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of the protocol is outside its range.</exception>
    public ForecastEvaluator(ReadOnlySpan<double> series, ForecastProtocol protocol, IReadOnlyList<float> quantiles, string name = "")
        : this(series.ToArray(), protocol, LevelsOf(quantiles), name)
    {
    }

    /// <param name="series">The series; kept, not copied.</param>
    /// <param name="protocol">The first origin, the horizon and the season.</param>
    /// <param name="levels">The levels of the quantiles, ascending.</param>
    /// <param name="name">The name of the series; empty for a single one.</param>
    internal ForecastEvaluator(double[] series, ForecastProtocol protocol, double[] levels, string name = "")
    {
        ArgumentNullException.ThrowIfNull(protocol);
        protocol.Validate();
        (_protocol, _actual, _levels) = (protocol, series, levels);
        double scale = ForecastEvaluation.Scale(series.AsSpan(0, Math.Min(protocol.FirstOrigin, series.Length)), protocol.Season);
        Tally = new SeriesTally(name, protocol.Horizon, levels, scale);
        _filled = NaiveForecast.CarryForward(series);
        _next = protocol.FirstOrigin;
    }

    /// <summary>What was counted so far.</summary>
    internal SeriesTally Tally { get; }

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
    public void Add(ReadOnlySpan<double> forecast) => Add(forecast, [], [], []);

    /// <summary>Adds the forecast made at the next origin, with quantiles and bounds.</summary>
    /// <param name="forecast">A value for each row of the horizon, [H]; NaN where there is none.</param>
    /// <param name="quantiles">The quantiles, [Q, H]; empty to leave them out.</param>
    /// <param name="lower">The lower bounds, [H]; empty without bounds.</param>
    /// <param name="upper">The upper bounds, [H]; empty without bounds.</param>
    /// <exception cref="ArgumentException">A number of values does not fit the horizon.</exception>
    /// <exception cref="InvalidOperationException">There already is a forecast for every row of the series.</exception>
    public void Add(ReadOnlySpan<double> forecast, ReadOnlySpan<double> quantiles, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper)
    {
        int rows = _protocol.Horizon;
        CheckLength(forecast.Length, rows, nameof(forecast));
        if (!quantiles.IsEmpty) CheckLength(quantiles.Length, rows * _levels.Length, nameof(quantiles));
        if (!lower.IsEmpty || !upper.IsEmpty)
        {
            CheckLength(lower.Length, rows, nameof(lower));
            CheckLength(upper.Length, rows, nameof(upper));
        }

        if (_next >= _actual.Length) throw new InvalidOperationException($"There already is a forecast for each of the {_actual.Length} rows of the series.");
        int t = _next++, H = _protocol.Horizon;
        bool isEvaluated = false;
        int steps = Math.Min(H, _actual.Length - 1 - t);
        for (int h = 1; h <= steps; h++)
        {
            double actual = _actual[t + h];
            double lastValue = NaiveForecast.LastValue(_filled, t);
            double seasonal = NaiveForecast.Seasonal(_filled, t, h, _protocol.Season);
            double drift = NaiveForecast.SeasonalDrift(_filled, t, h, _protocol.Season);
            if (double.IsNaN(actual + lastValue + seasonal + drift)) continue;
            StepTally step = Tally.Steps[h - 1];
            if (!double.IsFinite(forecast[h - 1]))
            {
                step.Skip();
                continue;
            }

            isEvaluated = true;
            step.Add(actual, forecast[h - 1], lastValue, seasonal, drift);
            for (int q = 0; q < _levels.Length && !quantiles.IsEmpty; q++) step.AddQuantile(q, _levels[q], quantiles[(q * H) + h - 1], actual);
            if (!lower.IsEmpty) step.AddBounds(lower[h - 1], upper[h - 1], actual);
        }

        if (isEvaluated) Tally.Origins++;
        Tally.HasBounds |= !lower.IsEmpty;
    }

    /// <summary>The scores of the forecasts so far, over all steps of the horizon and by step.</summary>
    /// <exception cref="InvalidDataException">No forecast could be evaluated; the message says why.</exception>
    public ForecastScores Scores() => Scores([this]);

    /// <summary>The scores of several series together, in which every evaluated value counts the same: over all steps, by step, and by series where they have names.</summary>
    /// <param name="series">The evaluators, at least one, with the same horizon and quantiles.</param>
    /// <exception cref="ArgumentException">There is none, or they have different horizons or quantiles.</exception>
    /// <exception cref="InvalidDataException">No forecast could be evaluated; the message says why.</exception>
    public static ForecastScores Scores(IReadOnlyList<ForecastEvaluator> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (series.Count == 0) throw new ArgumentException("There must be at least one evaluator.", nameof(series));
        ForecastEvaluator first = series[0];
        if (series.Any(one => one._protocol.Horizon != first._protocol.Horizon || !one._levels.AsSpan().SequenceEqual(first._levels)))
            throw new ArgumentException("The evaluators must have the same horizon and quantiles.", nameof(series));
        ForecastScores scores = SeriesTally.Scores([.. series.Select(one => one.Tally)], bySeries: series.Count > 1);
        string where = series.Count == 1 ? $"from row {first._protocol.FirstOrigin} on" : $"of {series.Count} series";
        return scores.Pairs > 0 ? scores : throw new InvalidDataException(NothingEvaluated(where, scores.Skipped, first._protocol.Season));
    }

    /// <summary>Why there is nothing to score.</summary>
    /// <param name="where">The rows, as part of a sentence.</param>
    /// <param name="skipped">Forecasts that are missing or not finite.</param>
    /// <param name="season">Rows of a season.</param>
    internal static string NothingEvaluated(string where, long skipped, int season) => skipped > 0
        ? $"No forecast {where} could be evaluated: all {skipped} forecast values are missing or not finite."
        : $"No forecast {where} could be evaluated: no later row has both a value and all three naive forecasts, "
            + $"which need the {season} rows of a season before the origin.";

    private static double[] LevelsOf(IReadOnlyList<float> quantiles)
    {
        ArgumentNullException.ThrowIfNull(quantiles);
        return [.. quantiles.Select(level => (double)(decimal)level)]; // 0.1f means 0.1
    }

    private void CheckLength(int got, int expected, string name)
    {
        if (got == expected) return;
        string quantiles = expected == _protocol.Horizon ? "" : $"{_levels.Length} quantiles and ";
        throw new ArgumentException($"{name} must have a value for each of the {quantiles}{_protocol.Horizon} rows of the horizon, {expected} in all, but had {got}.", name);
    }
}
