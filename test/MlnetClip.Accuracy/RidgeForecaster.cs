using MlnetClip.Forecasting;

namespace MlnetClip.Accuracy;

/// <summary>
/// A ridge regression from a window to the horizon; its penalty is the one that forecasts each of the last four tenths of the training windows best
/// from the windows before, and it is fitted again on all of them. DLinear (Zeng et al. 2023) is one of them: it is a linear map of its two parts, so that it has the same least squares in closed form.
/// </summary>
internal sealed class RidgeForecaster(string name, WindowInputs inputs) : IForecaster
{
    public string Name => name;

    public double[,] Forecast(AccuracySeries series, int seed)
    {
        var rows = new WindowRows(series, inputs);
        LinearPart part = LinearPart.Fit(rows, rows.Features, series.Horizon, [LinearCandidate.All(rows.Features)], gap: series.Horizon);
        var x = new double[rows.Features];
        return Origins.Fill(series, (origin, to) =>
        {
            double zero = rows.ReadInputs(origin, x);
            part.Predict(x, to);
            foreach (ref double value in to) value = rows.ToData(value, zero);
        });
    }
}
