namespace MlnetClip.Cli.Output;

/// <summary>Warns that the model of a search is worse than a naive forecast, so that none of the compared settings is useful yet.</summary>
internal static class NaiveForecastWarning
{
    /// <summary>Whether a naive forecast has a lower root mean square error than the model, or the model's is not finite.</summary>
    public static bool IsBetter(ForecastScores scores) => !(scores.Model.Rmse <= Best(scores).Rmse);

    /// <summary>The warning; null where the model is as good as the naive forecasts.</summary>
    /// <param name="scores">The scores of the model and the naive forecasts on the held-out rows.</param>
    /// <param name="setting">The setting of the model.</param>
    public static string? Of(ForecastScores scores, string setting)
    {
        if (!IsBetter(scores)) return null;
        var (name, rmse) = Best(scores);
        return $"A naive forecast is better than the best model found: on the held-out rows the RMSE of {name} is {Figures.Number(rmse)}, that of the model trained with --clip {setting} "
            + $"{Figures.Number(scores.Model.Rmse)}. No other setting had a clearly lower validation loss, so the differences between settings matter little until the model improves.";
    }

    private static (string Name, double Rmse) Best(ForecastScores scores) => new[]
    {
        ("the last value", scores.LastValue.Rmse), ("the last season", scores.SeasonalNaive.Rmse), ("the last season plus its change", scores.SeasonalNaiveDrift.Rmse),
    }.MinBy(naive => naive.Item2);
}
