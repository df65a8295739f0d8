namespace MlnetClip.Accuracy;

/// <summary>Errors of forecasts in the data's unit: over every held-out origin, every step of the horizon whose value is observed, the same pairs for all methods.</summary>
/// <param name="Rmse">The root of the mean squared error.</param>
/// <param name="Mae">The mean absolute error.</param>
/// <param name="Pairs">Pairs of forecast and value.</param>
internal sealed record Errors(double Rmse, double Mae, int Pairs)
{
    /// <summary>The errors of several methods over the pairs for which each has a finite forecast.</summary>
    public static Errors[] Of(AccuracySeries series, IReadOnlyList<double[,]> methods)
    {
        double[] squares = new double[methods.Count], absolutes = new double[methods.Count];
        int pairs = 0;
        for (int i = 0; i < series.Values.Length - series.Cut; i++)
        {
            for (int h = 0; h < series.Horizon && series.Cut + i + 1 + h < series.Values.Length; h++)
            {
                double actual = series.Values[series.Cut + i + 1 + h];
                if (double.IsNaN(actual) || methods.Any(method => !double.IsFinite(method[i, h]))) continue;
                pairs++;
                for (int m = 0; m < methods.Count; m++)
                {
                    double error = methods[m][i, h] - actual;
                    (squares[m], absolutes[m]) = (squares[m] + (error * error), absolutes[m] + Math.Abs(error));
                }
            }
        }

        return [.. squares.Zip(absolutes, (square, absolute) => new Errors(Math.Sqrt(square / pairs), absolute / pairs, pairs))];
    }
}
