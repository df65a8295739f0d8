using System.Runtime.CompilerServices;

namespace MlnetClip;

/// <summary>
/// Evaluates forecasts of one series by a fixed protocol, in the unit of the data, and compares them with three naive forecasts.
/// Steps after the end of the series, steps whose actual value is missing, and steps for which
/// a naive forecast has no value yet are excluded. Steps for which only the model has no finite forecast are excluded and counted
/// (<see cref="ForecastScores.Skipped"/>). All forecasts are evaluated on the same pairs.
/// </summary>
public static class ForecastEvaluation
{
    /// <summary>Evaluates forecasts that were made at every row from the first origin to the last row.</summary>
    /// <param name="series">The series; NaN where a value is missing.</param>
    /// <param name="forecasts">
    /// The forecasts, [origins, horizon] with <c>origins = series.Length - protocol.FirstOrigin</c>: element
    /// <c>i * horizon + h - 1</c> is the forecast of row <c>FirstOrigin + i + h</c> made at row <c>FirstOrigin + i</c>; NaN where there is none.
    /// </param>
    /// <param name="protocol">The first origin, the horizon and the season.</param>
    /// <exception cref="ArgumentException">The sizes do not match.</exception>
    /// <exception cref="InvalidDataException">No forecast could be evaluated; the message says why.</exception>
    [OverloadResolutionPriority(1)] // an empty literal fits both overloads
    public static ForecastScores Evaluate(ReadOnlySpan<double> series, ReadOnlySpan<float> forecasts, ForecastProtocol protocol)
    {
        var values = new double[forecasts.Length];
        for (int i = 0; i < values.Length; i++) values[i] = forecasts[i];
        return Evaluate(series, values, protocol);
    }

    /// <inheritdoc cref="Evaluate(ReadOnlySpan{double}, ReadOnlySpan{float}, ForecastProtocol)"/>
    public static ForecastScores Evaluate(ReadOnlySpan<double> series, ReadOnlySpan<double> forecasts, ForecastProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        protocol.Validate();
        int first = protocol.FirstOrigin, horizon = protocol.Horizon;
        long expected = Math.Max(0L, series.Length - (long)first) * horizon;
        if (forecasts.Length != expected)
        {
            throw new ArgumentException(
                $"forecasts must hold a horizon of {horizon} for each of the {Math.Max(0, series.Length - first)} rows from row {first} on, {expected} values, but held {forecasts.Length}.",
                nameof(forecasts));
        }

        var evaluator = new ForecastEvaluator(series, protocol);
        for (int i = 0; i < forecasts.Length / horizon; i++) evaluator.Add(forecasts.Slice(i * horizon, horizon));
        return evaluator.Scores();
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
}
