using System.Globalization;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Output;

/// <summary>Omits the digits of forecasts that are not significant: the network computes in single precision, in units of the model's scale.</summary>
internal sealed class ForecastDigits
{
    private const int DigitsOfSingle = 7, MostDecimals = 15;
    private const double LargestRounded = 1e15;

    private readonly LstmForecastingModelParameters _model;
    private readonly double[][] _rounded;
    private readonly int[] _decimals;

    /// <param name="forecaster">The model.</param>
    /// <param name="series">The series. Where each series and target has a scale of its own, the standard deviation of its values stands for it.</param>
    public ForecastDigits(LstmForecastingTransformer forecaster, TimeSeries series)
    {
        _model = forecaster.Model;
        var columns = new ForecastColumns(forecaster);
        _rounded = [.. columns.Names.Select(_ => new double[_model.Horizon])];
        bool one = _model.NumberOfTargets == 1 && series.Name is null;
        int[] decimals = Array.ConvertAll(series.Targets, values => Decimals(one ? _model.Scale : Deviation(values)));
        _decimals = [.. columns.Names.Select((_, i) => decimals[columns.Target(i)])];
    }

    /// <summary>The forecasts, rounded; valid until the next call.</summary>
    public double[][] Round(double[][] values)
    {
        for (int i = 0; i < values.Length; i++)
            for (int h = 0; h < values[i].Length; h++) _rounded[i][h] = Round(values[i][h], _decimals[i]);
        return _rounded;
    }

    private double Round(double value, int decimals)
    {
        if (!double.IsFinite(value)) return value;
        if (_model.Scaling == SeriesScaling.None) return double.Parse(((float)value).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return decimals > MostDecimals || Math.Abs(value) >= LargestRounded ? value : Math.Round(value, decimals);
    }

    private static int Decimals(double scale) =>
        scale > 0 && double.IsFinite(scale) ? Math.Max(0, DigitsOfSingle - (int)Math.Floor(Math.Log10(scale))) : MostDecimals + 1;

    private static double Deviation(double[] values)
    {
        double[] seen = [.. values.Where(value => !double.IsNaN(value))];
        if (seen.Length == 0) return 0;
        double mean = seen.Average();
        return Math.Sqrt(seen.Average(value => (value - mean) * (value - mean)));
    }
}
