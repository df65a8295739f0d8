using Microsoft.ML;
using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Evaluation;

/// <summary>What a forecaster forecasts on rows: forecasts beside actual values, errors by step, scores beside naive forecasts, of every target and series.</summary>
internal static class ForecastBlocks
{
    /// <summary>The largest number of targets with charts; of the others there are the scores.</summary>
    public const int MostTargets = 12;

    // So that neither many series nor many targets make a large file.
    private const int MostRows = 600, FewestRows = 100, AllRows = 7200;

    public static IReadOnlyList<ReportBlock> Of(LstmForecastingTransformer forecaster, IDataView scored, ReportOptions options)
    {
        var blocks = new List<ReportBlock>();
        int targets = forecaster.TargetColumnNames.Count;
        foreach ((int k, string target) in forecaster.TargetColumnNames.Index())
        {
            ForecastEvaluationOptions columns = ForecastEvaluationOptions.Of(forecaster, target);
            columns.TimeColumnName = options.TimeColumnName ?? columns.TimeColumnName;
            (columns.FirstRow, columns.FirstTime, columns.Season) = (options.FirstRow, options.FirstTime, options.Season);
            try
            {
                ForecastScores scores = new MLContext().Forecasting.Evaluate(scored, columns);
                blocks.Add(ForecastTables.Scores(target, scores, options.Season));
                if (k < MostTargets) blocks.AddRange(Charts(target, targets == 1 ? "" : $"-{k + 1}", scored, columns, scores, AllRows / Math.Min(targets, MostTargets)));
            }
            catch (InvalidDataException e)
            {
                blocks.Add(new MissingBlock($"Forecasts of {target}", $"not shown. {e.Message}"));
            }
        }

        if (targets > MostTargets) blocks.Add(new MissingBlock("Charts of the other targets", $"not shown: {MostTargets} of {targets} targets have charts, the first ones."));
        return blocks;
    }

    private static IEnumerable<ReportBlock> Charts(string target, string suffix, IDataView scored, ForecastEvaluationOptions columns, ForecastScores scores, int rows)
    {
        ForecastScores[] each = [.. scores.BySeries.Values];
        ShownSeries shown = ShownSeries.Of(each);
        int horizon = Math.Max(1, scores.ByStep.Count), most = Math.Clamp(rows / shown.Numbers.Count, Math.Min(MostRows, Math.Max(FewestRows, 3 * horizon)), MostRows);
        IReadOnlyList<ForecastSeries> series = ForecastReader.Read(scored, columns, each.Length == 0 ? [""] : [.. scores.BySeries.Keys], shown.Numbers.ToHashSet(), most);
        ForecastSeries[] drawn = [.. shown.Numbers.Select(number => series[number])];
        yield return ForecastChart.Of(target, $"forecasts{suffix}", drawn, horizon, columns, shown.Text);
        foreach (ReportBlock table in ForecastTables.BySeries(target, scores)) yield return table;
        if (scores.ByStep.Count > 1) yield return ErrorByStepChart.Of(target, $"error-by-step{suffix}", scores, columns.Season);
        yield return ResidualChart.Of($"residuals{suffix}", $"Errors of the next row, {target}", [
            (series.Count == 1 ? series[0].Name : "all series", [.. series.SelectMany(one => one.Errors)]),
            .. (series.Count == 1 ? [] : drawn).Select(one => (one.Name, one.Errors.ToArray()))], shown.Text);
    }
}
