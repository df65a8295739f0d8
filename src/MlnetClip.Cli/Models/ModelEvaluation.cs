using Microsoft.ML;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Models;

/// <summary>A model's scores on a series, and how many of the evaluated rows were used for training.</summary>
/// <param name="Scores">The scores.</param>
/// <param name="Protocol">The protocol they follow.</param>
/// <param name="TrainedRows">Evaluated rows, from the first on, that the model was trained on.</param>
internal sealed record ModelEvaluation(ForecastScores Scores, ForecastProtocol Protocol, int TrainedRows = 0)
{
    /// <summary>The scores of a model that is saved already; null, with a warning, where no held-out row can be evaluated.</summary>
    public static ModelEvaluation? OfSaved(
        Terminal terminal, MLContext mlContext, LoadedModel model, TimeSeries series, ForecastProtocol protocol, CancellationToken cancellation)
    {
        if (protocol.FirstOrigin == series.Rows) return null;
        try
        {
            return Of(mlContext, model, series, protocol, cancellation);
        }
        catch (InputException e)
        {
            terminal.Log($"warning: the model is saved, but it could not be evaluated. {e.Message}");
            return null;
        }
        catch (OperationCanceledException)
        {
            terminal.Log($"{model.Path} is saved; only its evaluation was cancelled.");
            throw;
        }
    }

    /// <summary>Forecasts at every row from the first origin on and scores the forecasts, holding one at a time.</summary>
    /// <exception cref="InputException">No forecast could be evaluated.</exception>
    public static ModelEvaluation Of(MLContext mlContext, LoadedModel model, TimeSeries series, ForecastProtocol protocol, CancellationToken cancellation)
    {
        var evaluator = new ForecastEvaluator(series.Values, protocol);
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
