using MlnetClip;
using Spectre.Console;

namespace Demo;

/// <summary>The table: each model and each naive forecast with its held-out error, and statistics of the gradients.</summary>
internal static class Report
{
    public static void Write(IReadOnlyList<Fit> fits, Fit chosen, Fit withLinearPart)
    {
        var table = new Table().RoundedBorder().Title($"Held-out error in ppm, 1 to {Fit.Horizon} weeks ahead");
        table.AddColumn("forecast");
        foreach (string column in new[] { "MAE", "RMSE", "norm\nmedian", "norm\nmax", "steps\nclipped", "valid.\nloss" })
            table.AddColumn(new TableColumn(column).RightAligned());

        ForecastScores naive = chosen.Scores;
        foreach (Fit fit in fits)
        {
            ClippingSummary gradients = fit.Model.Training.ClippingSummary;
            string style = fit == chosen ? "bold green" : "default";
            Add(table, style, $"LSTM, {fit.Clipping}{(fit == fits[0] ? " (found)" : "")}", fit.Scores.Model,
                $"{gradients.NormMedian:F3}", $"{gradients.NormMax:F1}", $"{gradients.ShareClipped:0.0%}", $"{fit.Model.Training.ValidationLoss:F4}");
        }

        Add(table, "default", withLinearPart.Model.Training.LinearPart!.NetworkShare == 0 ? "linear part alone (default)" : "linear part + LSTM (default)", withLinearPart.Scores.Model);
        Add(table, "default", "last value", naive.LastValue);
        Add(table, "default", "same week last year", naive.SeasonalNaive);
        Add(table, "default", "  + change over the year", naive.SeasonalNaiveDrift);
        AnsiConsole.Write(table);
    }

    private static void Add(Table table, string style, string name, ForecastMetrics metrics, params string[] gradients)
    {
        string[] cells = [name, $"{metrics.Mae:F3}", $"{metrics.Rmse:F3}", .. gradients];
        table.AddRow(cells.Concat(Enumerable.Repeat("", 7 - cells.Length)).Select(cell => new Markup(Markup.Escape(cell), Style.Parse(style))));
    }
}
