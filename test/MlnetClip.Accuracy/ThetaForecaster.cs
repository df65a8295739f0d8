namespace MlnetClip.Accuracy;

/// <summary>
/// The Theta method (Assimakopoulos and Nikolopoulos 2000) as Hyndman and Billah (2003) write it: simple exponential smoothing with half the slope of a line as its
/// drift, on the series without its season. The season is taken from the training part by classical decomposition, multiplicative where all values and indices are
/// positive, and only where the autocorrelation at a season is significant (90%).
/// </summary>
internal sealed class ThetaForecaster : IForecaster
{
    public string Name => "Theta";

    public double[,] Forecast(AccuracySeries series, int seed)
    {
        int first = Array.FindIndex(series.Filled, value => !double.IsNaN(value));
        double[] training = series.Filled[first..series.Cut];
        (double[] season, bool multiplicative) = SeasonalIndices.Of(training, series.Season);
        double[] plain = [.. training.Select((value, i) => Without(value, i))];
        double slope = Slope(plain), alpha = Smoothing(plain), level = plain[0];
        for (int i = 1; i < plain.Length; i++) level += alpha * (plain[i] - level);
        return Origins.Fill(series, (origin, to) =>
        {
            int n = origin - first + 1;
            level += alpha * (Without(series.Filled[origin], n - 1) - level);
            for (int h = 1; h <= to.Length; h++)
                to[h - 1] = With(level + Drift(slope, alpha, n, h), season[(n - 1 + h) % season.Length]);
        });

        double Without(double value, int i) => multiplicative ? value / season[i % season.Length] : value - season[i % season.Length];

        double With(double value, double index) => multiplicative ? value * index : value + index;
    }

    /// <summary>What the line adds to the smoothed level: <c>slope / 2 (h - 1 + 1 / alpha - (1 - alpha)^n / alpha)</c>.</summary>
    public static double Drift(double slope, double alpha, int n, int h) => 0.5 * slope * (h - 1 + (1 / alpha) - (Math.Pow(1 - alpha, n) / alpha));

    /// <summary>The slope of the least squares line through the values.</summary>
    public static double Slope(double[] values)
    {
        double middle = (values.Length - 1) / 2.0, mean = values.Average(), product = 0, squares = 0;
        for (int i = 0; i < values.Length; i++)
        {
            product += (i - middle) * (values[i] - mean);
            squares += (i - middle) * (i - middle);
        }

        return product / squares;
    }

    /// <summary>The smoothing constant, 0.001 to 1, with the smallest one-step squared error.</summary>
    public static double Smoothing(double[] values) =>
        Scale(NelderMead.Minimize(point => Error(values, Scale(point[0])), [0.5], steps: 60).Point[0]);

    private static double Scale(double share) => 0.001 + (0.999 * share);

    private static double Error(double[] values, double alpha)
    {
        double level = values[0], sum = 0;
        for (int i = 1; i < values.Length; i++)
        {
            double error = values[i] - level;
            sum += error * error;
            level += alpha * error;
        }

        return sum;
    }
}
