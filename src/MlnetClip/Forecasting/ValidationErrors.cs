using MlnetClip.Data;

namespace MlnetClip.Forecasting;

/// <summary>
/// Errors over the validation windows, or at most 2048 of them at equal distances: of a model, of the last value, of the last season and of the last season plus the change over it. Values are divided by the
/// scale of their window, so that all series count.
/// </summary>
/// <param name="Model">The model's mean squared error; with quantiles that of the median.</param>
/// <param name="LastValue">The mean squared error of the last value.</param>
/// <param name="LastSeason">The mean squared error of the last season; that of the last value without a season.</param>
/// <param name="SeasonalDrift">The mean squared error of the last season plus the change over it; that of the last value without a season.</param>
/// <param name="Pinball">The model's mean pinball loss over the quantiles; 0 without quantiles.</param>
internal sealed record ValidationErrors(double Model, double LastValue, double LastSeason, double SeasonalDrift, double Pinball)
{
    private const int MostWindows = 2048;

    /// <summary>The naive forecast with the smallest error, and its name.</summary>
    public (double Error, string Name) BestNaive =>
        new[] { (LastValue, "the last value"), (LastSeason, "the last season"), (SeasonalDrift, "the last season plus the change over it") }.MinBy(rule => rule.Item1);

    /// <summary>The loss that the model was trained for: pinball with quantiles, otherwise the mean squared error.</summary>
    public double LossOf(LstmForecastingModelParameters model) => model.Quantiles.Count > 0 ? Pinball : Model;

    /// <summary>Measures a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The windows; there are validation rows.</param>
    /// <param name="options">The trainer's options.</param>
    public static ValidationErrors Of(LstmForecastingModelParameters model, ForecastTrainingData data, LstmForecastingTrainer.Options options)
    {
        WindowBatchSource windows = data.WholeHorizon(options.LargestGap);
        WindowLayout layout = model.Layout;
        int K = layout.Targets, H = layout.Horizon, Q = model.Head.Levels, season = options.SeasonLength is { } rows && rows < layout.History ? rows : 0;
        var forecasts = new WindowForecasts(model, windows);
        double own = 0, last = 0, seasonal = 0, drift = 0, pinball = 0;
        long count = 0;
        int stride = (Math.Max(0, windows.Count - 1) / MostWindows) + 1;
        for (int first = 0, read; first < windows.Count; first += read * stride)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            read = forecasts.Read(first, stride);
            for (int m = 0; m < read * K * H; m++)
            {
                int row = m / (K * H), n = m % (K * H), i = first + (row * stride);
                ReadOnlySpan<double> window = forecasts.WindowOf(row), levels = forecasts.LevelsOf(row);
                int k = n / H, h = n % H, seasons = season == 0 ? 0 : (h + season) / season;
                double actual = windows.ActualOf(i, h, k), forecast = levels[(((k * Q) + model.Head.Median) * H) + h], scale = forecasts.ScaleOf(k, row);
                if (double.IsNaN(actual + forecast)) continue;
                ReadOnlySpan<double> history = window.Slice(layout.TargetAt(k), layout.History);
                double before = season == 0 ? history[^1] : history[^((seasons * season) - h)], change = season == 0 ? 0 : history[^1] - history[^(season + 1)];
                count++;
                own += Square((forecast - actual) / scale);
                last += Square((history[^1] - actual) / scale);
                seasonal += Square((before - actual) / scale);
                drift += Square((before + (seasons * change) - actual) / scale);
                for (int q = 0; q < model.Quantiles.Count; q++)
                {
                    double above = (actual - levels[(((k * Q) + q) * H) + h]) / scale;
                    pinball += Math.Max(model.Quantiles[q] * above, (model.Quantiles[q] - 1) * above) / model.Quantiles.Count;
                }
            }
        }

        return new(own / count, last / count, seasonal / count, drift / count, pinball / count);

        static double Square(double value) => value * value;
    }
}
