using Spectre.Console;

namespace MlnetClip.Cli.Output;

/// <summary>The result of <c>backtest</c> as text: a row for each fold and target, and the scores over all folds.</summary>
internal static class BacktestTable
{
    public static void Write(IAnsiConsole console, ForecastBacktestResult result)
    {
        foreach (var (target, all) in result.ByTarget)
        {
            var table = new Table().RoundedBorder().Title(new TableTitle(Markup.Escape(SafeText.Of($"Backtest of '{target}'"))));
            foreach (string column in new[] { "fold", "rows before", "trained on", "MAE", "RMSE", "MASE", "best naive RMSE" }) table.AddColumn(new TableColumn(column).RightAligned());
            foreach (ForecastBacktestFold fold in result.Folds)
            {
                string trained = fold.IsRefit ? Figures.Count(fold.TrainingRows) : "(as before)";
                Add(table, [$"{fold.Number}", Figures.Count(fold.RowsBefore), trained], fold.ByTarget[target]);
            }

            Add(table, ["all", "", $"{result.Fits} {(result.Fits == 1 ? "fit" : "fits")}"], all);
            console.Write(table);
            ScoreTable.WriteDetails(console, all);
            string skipped = all.Skipped == 0 ? "" : $"; {Figures.Count(all.Skipped)} have no finite forecast and are excluded";
            var (name, rmse) = Naive(all);
            console.WriteLine($"{ScoreTable.InWords(all, name, rmse, Math.Max(1, all.BySeries.Count))} Evaluated {Figures.Count(all.Pairs)} forecast values from {Figures.Count(all.Origins)} rows{skipped}.");
        }
    }

    private static void Add(Table table, string[] first, ForecastScores scores) => table.AddRow(
        first.Concat([Figures.Number(scores.Model.Mae), Figures.Number(scores.Model.Rmse), Figures.Number(scores.Model.Mase), Figures.Number(Naive(scores).Rmse)])
            .Select(cell => new Text(cell)));

    private static (string Name, double Rmse) Naive(ForecastScores scores) => new[]
    {
        ("last value", scores.LastValue.Rmse), ("last season", scores.SeasonalNaive.Rmse), ("last season plus its change", scores.SeasonalNaiveDrift.Rmse),
    }.MinBy(naive => naive.Item2);
}
