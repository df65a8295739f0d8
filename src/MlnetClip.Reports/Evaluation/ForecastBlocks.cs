using Microsoft.ML;
using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Evaluation;

/// <summary>What a forecaster forecasts on rows: forecasts beside actual values, errors by step, scores beside naive forecasts.</summary>
internal static class ForecastBlocks
{
    public static IReadOnlyList<ReportBlock> Of(LstmForecastingTransformer forecaster, IDataView scored, ReportOptions options)
    {
        var blocks = new List<ReportBlock>();
        foreach ((int k, string target) in forecaster.TargetColumnNames.Index())
        {
            ForecastEvaluationOptions columns = ForecastEvaluationOptions.Of(forecaster, target);
            (columns.FirstRow, columns.FirstTime, columns.Season) = (options.FirstRow, options.FirstTime, options.Season);
            string suffix = forecaster.TargetColumnNames.Count == 1 ? "" : $"-{k + 1}";
            try
            {
                ForecastScores scores = new MLContext().Forecasting.Evaluate(scored, columns);
                blocks.Add(Scores(target, scores, options.Season));
                ForecastRows rows = ForecastRows.Read(scored, columns);
                blocks.Add(ForecastChart.Of(target, $"forecasts{suffix}", rows, columns));
                if (scores.ByStep.Count > 1) blocks.Add(ErrorByStepChart.Of(target, $"error-by-step{suffix}", scores, options.Season));
                blocks.Add(ResidualChart.Of($"residuals{suffix}", $"Errors of the next row, {target}", [.. Errors(rows)]));
            }
            catch (InvalidDataException e)
            {
                blocks.Add(new MissingBlock($"Forecasts of {target}", $"not shown. {e.Message}"));
            }
        }

        return blocks;
    }

    private static IEnumerable<double> Errors(ForecastRows rows)
    {
        for (int i = 0; i + 1 < rows.Rows.Count; i++)
            if (rows.Rows[i].IsEvaluated) yield return rows.Rows[i].Forecast[0] - rows.Rows[i + 1].Actual;
    }

    private static TableBlock Scores(string target, ForecastScores scores, int season)
    {
        static string[] Row(string name, ForecastMetrics metrics) =>
            [name, Words.Number(metrics.Mae), Words.Number(metrics.Rmse), Words.Share(metrics.Smape), Words.Number(metrics.Mase)];
        var rows = new List<IReadOnlyList<string>> { Row("model", scores.Model), Row("last value", scores.LastValue) };
        if (season > 1) rows.Add(Row($"last season ({season} rows)", scores.SeasonalNaive));
        string interval = scores.Interval is { } bounds ? $"; {Words.Share(bounds.Coverage)} of the actual values lie within the bounds" : "";
        string series = scores.BySeries.Count switch { 0 => "", 1 => $" of the series {scores.BySeries.Keys.Single()}", var count => $" of {count} series" };
        return new TableBlock($"{target}: errors over {Words.Count(scores.Pairs, "forecast")} at {Words.Count(scores.Origins, "row")}{series}{interval}", ["", "MAE", "RMSE", "sMAPE", "MASE"], rows);
    }
}
