using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Evaluation;

/// <summary>The errors of a forecaster beside those of naive forecasts, and those of each series.</summary>
internal static class ForecastTables
{
    private const int MostListed = 100;

    /// <summary>The errors over all series and steps.</summary>
    public static TableBlock Scores(string target, ForecastScores scores, int season)
    {
        var rows = new List<IReadOnlyList<string>> { Row("model", scores.Model), Row("last value", scores.LastValue) };
        if (season > 1) rows.Add(Row($"last season ({season} rows)", scores.SeasonalNaive));
        rows.Add(Row(season > 1 ? "last season plus its change" : "last value plus its change", scores.SeasonalNaiveDrift));
        string interval = scores.Interval is { } bounds ? $"; {Words.Share(bounds.Coverage)} of the actual values lie within the bounds" : "";
        string series = scores.BySeries.Count switch { 0 => "", 1 => $" of the series {scores.BySeries.Keys.Single()}", var count => $" of {Words.Count(count)} series" };
        return new TableBlock(
            $"{target}: errors over {Words.Count(scores.Pairs, "forecast")} at {Words.Count(scores.Origins, "row")}{series}{interval}", ["", "MAE", "RMSE", "sMAPE", "MASE"], rows);
    }

    /// <summary>The errors of each series; of many those with the largest errors.</summary>
    public static IEnumerable<ReportBlock> BySeries(string target, ForecastScores scores)
    {
        if (scores.BySeries.Count < 2) yield break;
        KeyValuePair<string, ForecastScores>[] all = [.. scores.BySeries];
        int[] listed = [.. Enumerable.Range(0, all.Length)];
        bool isCut = all.Length > MostListed;
        if (isCut) listed = ShownSeries.ByError([.. all.Select(series => series.Value)])[..MostListed];
        yield return new TableBlock(
            isCut ? $"{target}: the {MostListed} of {Words.Count(all.Length)} series with the largest errors relative to those of the last value" : $"{target}: errors of each series",
            ["series", "MAE", "RMSE", "sMAPE", "MASE", "MAE / MAE of the last value", "forecasts"],
            [.. listed.Select(i => (IReadOnlyList<string>)[.. Row(all[i].Key, all[i].Value.Model), Words.Number(ShownSeries.RelativeError(all[i].Value)), Words.Count(all[i].Value.Pairs)])]);
    }

    private static string[] Row(string name, ForecastMetrics metrics) => [name, Words.Number(metrics.Mae), Words.Number(metrics.Rmse), Words.Share(metrics.Smape), Words.Number(metrics.Mase)];
}
