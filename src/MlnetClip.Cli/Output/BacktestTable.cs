using Spectre.Console;

namespace MlnetClip.Cli.Output;

/// <summary>The result of <c>backtest</c> as text: a row for each fold and target, and the scores over all folds.</summary>
internal static class BacktestTable
{
    /// <summary>Writes it.</summary>
    /// <param name="console">Where.</param>
    /// <param name="result">The result.</param>
    /// <param name="season">Rows of a season.</param>
    public static void Write(IAnsiConsole console, ForecastBacktestResult result, int season)
    {
        foreach (var (target, all) in result.ByTarget)
        {
            var table = new Table().RoundedBorder().Title(new TableTitle(Markup.Escape(SafeText.Of($"Backtest of '{target}'"))));
            foreach (string column in new[] { "fold", "rows before", "trained on", "MAE", "RMSE", "MASE", "best naive RMSE" }) table.AddColumn(new TableColumn(column).RightAligned());
            foreach (ForecastBacktestFold fold in result.Folds)
            {
                string trained = fold.IsRefit ? Figures.Count(fold.TrainingRows) : "(as before)";
                Add(table, [$"{fold.Number}", Figures.Count(fold.RowsBefore), trained], fold.ByTarget[target], season);
            }

            Add(table, ["all", "", $"{result.Fits} {(result.Fits == 1 ? "fit" : "fits")}"], all, season);
            console.Write(table);
            ScoreTable.WriteDetails(console, all);
            string skipped = all.Skipped == 0 ? "" : $"; {Figures.Count(all.Skipped)} have no finite forecast and are excluded";
            var (name, metrics) = NaiveForecasts.Best(all, season);
            console.WriteLine($"{ScoreTable.InWords(all, name, metrics.Rmse, Math.Max(1, all.BySeries.Count))} Evaluated {Figures.Count(all.Pairs)} forecast values from {Figures.Count(all.Origins)} rows{skipped}.");
        }
    }

    private static void Add(Table table, string[] first, ForecastScores scores, int season) => table.AddRow(
        first.Concat([Figures.Number(scores.Model.Mae), Figures.Number(scores.Model.Rmse), Figures.Number(scores.Model.Mase), Figures.Number(NaiveForecasts.Best(scores, season).Metrics.Rmse)])
            .Select(cell => new Text(cell)));
}
