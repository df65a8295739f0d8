using Microsoft.ML;
using MlnetClip.Cli.Series;

namespace MlnetClip.Cli.Models;

/// <summary>Judges a model on a series.</summary>
internal static class Judgement
{
    /// <summary>Forecasts at every row from the first origin on, and what the errors are.</summary>
    /// <exception cref="InputException">Nothing could be judged.</exception>
    public static ForecastScores Of(MLContext mlContext, LoadedModel model, TimeSeries series, ForecastProtocol protocol, CancellationToken cancellation)
    {
        Forecasts forecasts = Forecasts.From(mlContext, model, series, protocol.FirstOrigin, cancellation);
        double[] actuals = Array.ConvertAll(series.Values, value => (double)value);
        ForecastScores scores = ForecastEvaluation.Evaluate(actuals, forecasts.Values, protocol);
        if (scores.Pairs > 0) return scores;
        throw new InputException(
            $"No forecast from row {protocol.FirstOrigin} of {series.Path} on can be judged: the model needs {model.Forecaster.Model.WindowSize} rows before a forecast, "
            + $"the baselines a season of {protocol.Season} and the values that follow.");
    }
}
