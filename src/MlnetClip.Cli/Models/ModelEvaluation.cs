using Microsoft.ML;
using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Models;

/// <summary>A model's scores on a series, and which of the evaluated rows its training saw.</summary>
/// <param name="Scores">The scores.</param>
/// <param name="Protocol">The protocol they follow.</param>
/// <param name="TrainedRows">Evaluated rows, from the first on, that the model was trained on.</param>
internal sealed record ModelEvaluation(ForecastScores Scores, ForecastProtocol Protocol, int TrainedRows = 0)
{
    /// <summary>Forecasts at every row from the first origin on and scores the forecasts, holding one at a time.</summary>
    /// <exception cref="InputException">No forecast could be evaluated.</exception>
    public static ModelEvaluation Of(MLContext mlContext, LoadedModel model, TimeSeries series, ForecastProtocol protocol, CancellationToken cancellation)
    {
        var evaluator = new ForecastEvaluator(Array.ConvertAll(series.Values, value => (double)value), protocol);
        Forecasts.Make(mlContext, model, series, protocol.FirstOrigin, (_, values) => evaluator.Add(values), cancellation);
        try
        {
            return new ModelEvaluation(evaluator.Scores(), protocol);
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{series.Path}: {e.Message}", $"the model itself forecasts once {model.Forecaster.Model.WindowSize} rows have passed.", e);
        }
    }
}
