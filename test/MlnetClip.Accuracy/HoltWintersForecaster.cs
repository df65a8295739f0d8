namespace MlnetClip.Accuracy;

/// <summary>
/// <see cref="HoltWinters"/> whose four parameters have the smallest one-step squared error over the training part (Nelder-Mead from several starts), with an additive season or,
/// where all values are positive, the better of that and a multiplicative one. The state starts from the first two seasons.
/// </summary>
internal sealed class HoltWintersForecaster : IForecaster
{
    public string Name => "Holt-Winters";

    public double[,] Forecast(AccuracySeries series, int seed)
    {
        int first = Array.FindIndex(series.Values, value => !double.IsNaN(value));
        double[] training = series.Values[first..series.Cut];
        int season = series.Season * 2 > training.Length ? 1 : series.Season;
        HoltWinters best = Fit(training, season);
        for (int row = first; row < series.Cut; row++) best.Push(series.Values[row]);
        return Origins.Fill(series, (origin, to) =>
        {
            best.Push(series.Values[origin]);
            for (int h = 0; h < to.Length; h++) to[h] = best.Forecast(h + 1);
        });
    }

    /// <summary>The model with the smallest error, at its start.</summary>
    public static HoltWinters Fit(double[] training, int season)
    {
        bool[] kinds = season > 1 && training.All(value => !(value <= 0)) ? [false, true] : [false];
        double[] filled = NaiveForecast.CarryForward(training);
        double[][] starts = [[0.3, 0.1, 0.1, 0.95], [0.8, 0.05, 0.3, 0.95], [0.1, 0.02, 0.1, 0.05]];
        var fits = from multiplicative in kinds
                   from start in starts
                   let fit = NelderMead.Minimize(point => Error(Create(point, multiplicative), training, filled), start)
                   orderby fit.Value
                   select Create(fit.Point, multiplicative);
        HoltWinters best = fits.First();
        Start(best, filled);
        return best;

        HoltWinters Create(double[] point, bool multiplicative) => new(season, multiplicative, point[0], point[1], point[2], point[3]);
    }

    private static double Error(HoltWinters model, double[] training, double[] filled)
    {
        Start(model, filled);
        double sum = 0;
        for (int row = 0; row < training.Length; row++)
        {
            if (!double.IsNaN(training[row]) && row >= model.Season) sum += (model.Forecast(1) - training[row]) * (model.Forecast(1) - training[row]);
            model.Push(training[row]);
        }

        return double.IsFinite(sum) ? sum : double.MaxValue;
    }

    /// <summary>The mean of the first season, the mean change to the second, and the deviations of the first season from its mean.</summary>
    private static void Start(HoltWinters model, double[] filled)
    {
        int m = model.Season;
        double first = filled.Take(m).Average(), second = filled.Skip(m).Take(m).Average();
        double trend = m == 1 ? filled.ElementAtOrDefault(1) - filled[0] : (second - first) / m;
        double[] season = [.. filled.Take(m).Select(value => m == 1 ? 0 : model.Multiplicative ? value / first : value - first)];
        model.Start(first, trend, season);
    }
}
