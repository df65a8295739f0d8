using MlnetClip.Cli.Input;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Models;

/// <summary>A model's scores on the series of a file, and how many of the evaluated rows were used for training.</summary>
/// <param name="Targets">The scores of each target.</param>
/// <param name="Protocol">The protocol they follow.</param>
/// <param name="TrainedRows">Evaluated rows, from the first on, that the model was trained on.</param>
internal sealed record ModelEvaluation(IReadOnlyList<TargetScores> Targets, TableProtocol Protocol, int TrainedRows = 0)
{
    /// <summary>The scores of the first target.</summary>
    public ForecastScores Scores => Targets[0].Scores;

    /// <summary>The scores of a model that is saved already; null, with a warning, where no held-out row can be evaluated.</summary>
    public static ModelEvaluation? OfSaved(Terminal terminal, LoadedModel model, TableProtocol protocol, CancellationToken cancellation)
    {
        if (!protocol.HoldsOut) return null;
        try
        {
            return Of(model, protocol, cancellation);
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
    public static ModelEvaluation Of(LoadedModel model, TableProtocol protocol, CancellationToken cancellation)
    {
        SeriesTable table = protocol.Table;
        var columns = new ForecastColumns(model.Forecaster);
        IReadOnlyList<float> levels = model.Forecaster.Model.Quantiles;
        ForecastEvaluator[][] evaluators = [.. table.Series.Select((series, i) => Array.ConvertAll(series.Targets, values => new ForecastEvaluator(values, protocol.Of(i), levels, series.Name ?? "")))];
        var quantiles = new double[levels.Count * model.Forecaster.Model.Horizon];
        Forecasts.Make(model, table, protocol.Cuts, (series, _, values) =>
        {
            for (int k = 0; k < evaluators[series].Length; k++)
            {
                int forecast = columns.Forecast(k);
                for (int q = 0; q < levels.Count; q++) values[forecast + 1 + q].CopyTo(quantiles, q * values[forecast].Length);
                (double[] lower, double[] upper) = columns.HasInterval ? (values[forecast + 1 + levels.Count], values[forecast + 2 + levels.Count]) : ([], []);
                evaluators[series][k].Add(values[forecast], quantiles, lower, upper);
            }
        }, cancellation);
        return new ModelEvaluation([.. table.Columns.Targets.Select((target, k) => new TargetScores(target, Pool(model, table, evaluators, k)))], protocol);
    }

    /// <summary>The scores of a target over the series that could be evaluated.</summary>
    private static ForecastScores Pool(LoadedModel model, SeriesTable table, ForecastEvaluator[][] evaluators, int target)
    {
        try
        {
            return ForecastEvaluator.Scores([.. evaluators.Select(series => series[target])]);
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{table.Path}: {e.Message}", $"the model itself forecasts once {model.Forecaster.Model.WindowSize} rows have passed.", e);
        }
    }
}
