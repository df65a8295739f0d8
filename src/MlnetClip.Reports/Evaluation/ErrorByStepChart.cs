using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Evaluation;

/// <summary>The error over the horizon, beside naive forecasts.</summary>
internal static class ErrorByStepChart
{
    public static ReportBlock Of(string target, string id, ForecastScores scores, int season)
    {
        double[] steps = [.. Enumerable.Range(1, scores.ByStep.Count).Select(step => (double)step)];
        double[] Errors(Func<ForecastScores, ForecastMetrics> of) => [.. scores.ByStep.Select(step => of(step).Mae)];
        Figure figure = new Figure("Rows ahead", $"Mean absolute error of {target}").WideY().Y("rangemode", "tozero")
            .Line("model", steps, Errors(step => step.Model), Palette.Blue, width: 2, markers: steps.Length <= 60)
            .Line("last value", steps, Errors(step => step.LastValue), Palette.Gray, dash: "dot");
        if (steps.Length <= 12) figure.X("dtick", 1);
        if (season > 1) figure.Line("last season", steps, Errors(step => step.SeasonalNaive), Palette.Green, dash: "dash"); // with a season of one row it is the last value
        string naive = season > 1 ? $"two naive forecasts: the last value, and the last season of {season} rows repeated" : "the last value as a naive forecast";
        return new ChartBlock(id, $"Error by step of the horizon, {target}", $"How the error grows with the distance of the forecast row, for the model and for {naive}.", figure);
    }
}
