using Microsoft.ML.Runtime;

namespace MlnetClip.Forecasting;

/// <summary>Computes the margins of a <see cref="ForecastInterval"/> from the errors on the validation rows.</summary>
internal static class Calibration
{
    /// <summary>The model with an interval. Warns where there are too few validation rows for its level.</summary>
    /// <exception cref="InvalidDataException">A step of the horizon has no validation row that it could be compared with.</exception>
    public static LstmForecastingModelParameters WithInterval(
        IHost host, LstmForecastingModelParameters model, ForecastTrainingData data, LstmForecastingTrainer.Options options)
    {
        int K = model.NumberOfTargets, H = model.Horizon, Q = model.Head.Levels;
        var windows = data.WholeHorizon(options.LargestGap);
        List<double>[] errors = [.. Enumerable.Range(0, K * H).Select(_ => new List<double>())];
        var forecasts = new WindowForecasts(model, windows);
        for (int first = 0, count; first < windows.Count; first += count)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            count = forecasts.Read(first, stride: 1);
            for (int m = 0; m < count * K * H; m++)
            {
                int row = m / (K * H), n = m % (K * H), k = n / H, h = n % H;
                ReadOnlySpan<double> levels = forecasts.LevelsOf(row);
                double low = levels[(k * Q * H) + h], high = levels[((((k + 1) * Q) - 1) * H) + h], actual = windows.ActualOf(first + row, h, k);
                double error = Math.Max(low - actual, actual - high) / forecasts.ScaleOf(k, row);
                if (!double.IsNaN(error)) errors[n].Add(error);
            }
        }

        int fewest = errors.Min(list => list.Count);
        if (fewest == 0)
            throw new InvalidDataException(
                $"The interval needs a validation row for every step of the horizon, but there are only {data.Table.ValidationRows} validation rows for a horizon of {H}.{Environment.NewLine}"
                + $"Hint: set {nameof(options.ValidationFraction)} to a larger share, or pass longer validation data.");
        if (fewest < ForecastInterval.Needed(options.ConfidenceLevel))
        {
            using IChannel channel = host.Start("Calibration");
            channel.Warning(
                MessageSensitivity.None,
                FormattableString.Invariant($"An interval that contains {100 * options.ConfidenceLevel:G4}% of the values needs at least {ForecastInterval.Needed(options.ConfidenceLevel)} validation errors for each step of the horizon, but one has {fewest}: the largest error is used, and the interval may contain fewer values.{Environment.NewLine}Hint: a larger {nameof(options.ValidationFraction)} or more rows give more errors, and a smaller {nameof(options.ConfidenceLevel)} needs fewer."));
        }

        double[][] margins = [.. Enumerable.Range(0, K).Select(k => Enumerable.Range(0, H).Select(h => ForecastInterval.Margin([.. errors[(k * H) + h]], options.ConfidenceLevel)).ToArray())];
        return new LstmForecastingModelParameters(
            model.Encoder, model.Spec, model.Weights.ToArray(), model.Head with { Interval = new ForecastInterval(options.ConfidenceLevel, margins) }, model.MaximumGap);
    }
}
