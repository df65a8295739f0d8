using System.Globalization;

namespace MlnetClip.Cli.Output;

/// <summary>Omits the digits of forecasts that are not significant: the network computes in single precision, in units of the model's scale.</summary>
/// <param name="model">The model.</param>
internal sealed class ForecastDigits(LstmForecastingModelParameters model)
{
    private const int DigitsOfSingle = 7, MostDecimals = 15;
    private const double LargestRounded = 1e15;

    private readonly double[] _rounded = new double[model.Horizon];
    private readonly int _decimals = Math.Max(0, DigitsOfSingle - (int)Math.Floor(Math.Log10(model.Scale)));

    /// <summary>The forecast, rounded; valid until the next call.</summary>
    public ReadOnlySpan<double> Round(ReadOnlySpan<double> values)
    {
        for (int h = 0; h < values.Length; h++) _rounded[h] = Round(values[h]);
        return _rounded.AsSpan(0, values.Length);
    }

    private double Round(double value)
    {
        if (!double.IsFinite(value)) return value;
        if (model.Scaling == SeriesScaling.None) return double.Parse(((float)value).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return _decimals > MostDecimals || Math.Abs(value) >= LargestRounded ? value : Math.Round(value, _decimals);
    }
}
