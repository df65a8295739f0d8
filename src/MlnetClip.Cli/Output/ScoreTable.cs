using MlnetClip.Cli.Series;
using MlnetClip.Clipping;
using Spectre.Console;

namespace MlnetClip.Cli.Output;

/// <summary>The result of <c>train</c> and <c>evaluate</c> for people: errors beside the naive forecasts, and what the gradients did.</summary>
internal static class ScoreTable
{
    public static void Write(IAnsiConsole console, LstmTrainingReport training, ForecastScores scores, ForecastProtocol protocol, TimeSeries series)
    {
        var table = new Table().RoundedBorder().Title(new TableTitle(Markup.Escape($"Held-out error of '{series.ValueColumn}', {protocol.Horizon} rows ahead")));
        table.AddColumn("forecast");
        foreach (string metric in new[] { "MAE", "RMSE", "MASE" }) table.AddColumn(new TableColumn(metric).RightAligned());
        double best = new[] { scores.LastValue, scores.SeasonalNaive, scores.SeasonalNaiveDrift }.Min(m => m.Rmse);
        Add(table, $"LSTM, {training.Clipping}", scores.Model, scores.Model.Rmse < best ? "bold green" : "bold");
        Add(table, "last value", scores.LastValue);
        Add(table, $"last season ({protocol.Season} rows)", scores.SeasonalNaive);
        Add(table, "last season plus its change", scores.SeasonalNaiveDrift);
        console.Write(table);

        console.MarkupLineInterpolated(
            $"Judged at {Figures.Count(scores.Origins)} rows from {series.Label(protocol.FirstOrigin)} on, over {Figures.Count(scores.Pairs)} forecast values.");
        console.MarkupLineInterpolated($"Gradient norm: {Gradients(training.ClippingSummary)}");
    }

    /// <summary>The gradient norms and what clipping did to them, as the rest of a sentence.</summary>
    public static string Gradients(ClippingSummary clipping)
    {
        string clamped = ClippingText.Clamps(clipping) ? $", {Figures.Share(clipping.ShareOfElementsClamped)} of the elements clamped" : "";
        string bad = clipping.NonFiniteSteps == 0 ? "none" : Figures.Count(clipping.NonFiniteSteps);
        return $"median {Figures.Number(clipping.NormMedian)}, largest {Figures.Number(clipping.NormMax)}; "
            + $"{Figures.Share(clipping.ShareClipped)} of {Figures.Count(clipping.FiniteSteps)} steps clipped{clamped}; {bad} not finite.";
    }

    private static void Add(Table table, string name, ForecastMetrics metrics, string style = "default") =>
        table.AddRow(new[] { name, Figures.Number(metrics.Mae), Figures.Number(metrics.Rmse), Figures.Number(metrics.Mase) }
            .Select(cell => new Markup(Markup.Escape(cell), Style.Parse(style))));
}
