using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Output;

/// <summary>Warns that the model of a search is worse than a naive forecast, so that none of the compared settings is useful yet.</summary>
internal static class NaiveForecastWarning
{
    /// <summary>The warning; null where the model is as good as the naive forecasts, or where there are too few forecasts to tell.</summary>
    /// <param name="evaluation">The scores of the model and the naive forecasts on the held-out rows.</param>
    /// <param name="setting">The setting of the model.</param>
    public static string? Of(ModelEvaluation evaluation, string setting)
    {
        ForecastScores scores = evaluation.Scores;
        if (NaiveForecasts.IsBetter(evaluation) is not true) return null;
        var (name, metrics) = NaiveForecasts.Best(scores, evaluation.Protocol.Season);
        return $"A naive forecast is better than the best model found: on the held-out rows the RMSE of the {name} is {Figures.Number(metrics.Rmse)}, that of the model trained with --clip {setting} "
            + $"{Figures.Number(scores.Model.Rmse)}. No other setting had a clearly lower validation loss, so the differences between settings matter little until the model improves.";
    }
}
