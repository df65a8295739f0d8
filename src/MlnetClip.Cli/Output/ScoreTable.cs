using System.Globalization;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;
using MlnetClip.Clipping;
using Spectre.Console;

namespace MlnetClip.Cli.Output;

/// <summary>The result of <c>train</c> and <c>evaluate</c> as text: the errors of the model and the naive forecasts, and statistics of the gradients.</summary>
internal static class ScoreTable
{
    public static void Write(IAnsiConsole console, LstmTrainingReport training, ModelEvaluation evaluation)
    {
        foreach (TargetScores target in evaluation.Targets) Write(console, training, evaluation, target);
        if (training.LinearPart is { } linear) console.WriteLine($"Forecast: {linear}.");
        WriteGradients(console, training);
    }

    /// <summary>What forecasts: the network, the linear part, or both.</summary>
    private static string NameOf(LstmTrainingReport training) => training.LinearPart switch
    {
        null or { IsNetworkAlone: true } => $"LSTM, {training.Clipping}",
        { NetworkShare: 0 } => "linear part alone",
        _ => $"linear part + LSTM, {training.Clipping}",
    };

    private static void Write(IAnsiConsole console, LstmTrainingReport training, ModelEvaluation evaluation, TargetScores target)
    {
        TableProtocol protocol = evaluation.Protocol;
        ForecastScores scores = target.Scores;
        string kind = evaluation.TrainedRows > 0 ? "Error" : "Held-out error";
        var table = new Table().RoundedBorder().Title(new TableTitle(Markup.Escape(SafeText.Of($"{kind} of '{target.Target}', {Rows(protocol.Horizon)} ahead"))));
        table.AddColumn("forecast");
        foreach (string metric in new[] { "MAE", "RMSE", "MASE" }) table.AddColumn(new TableColumn(metric).RightAligned());
        (string Name, ForecastMetrics Metrics)[] naive = NaiveForecasts.Of(scores, protocol.Season);
        var best = NaiveForecasts.Best(scores, protocol.Season);
        bool wins = scores.Model.Rmse < best.Metrics.Rmse;
        Add(table, NameOf(training), scores.Model, wins ? "bold green" : "bold");
        foreach (var (name, metrics) in naive) Add(table, name, metrics);
        console.Write(table);

        console.WriteLine(InWords(scores, best.Name, best.Metrics.Rmse, protocol.Table.Series.Count));
        WriteDetails(console, scores);
        string skipped = scores.Skipped == 0 ? "" : $"; {Figures.Count(scores.Skipped)} have no finite forecast and are excluded";
        string where = protocol.Table.IsGrouped ? $"of {Figures.Count(protocol.Table.Series.Count)} series" : $"from {protocol.Table.Series[0].Label(protocol.Cuts[0])} on";
        console.WriteLine(SafeText.Of($"Evaluated at {Rows(scores.Origins)} {where}, over {Figures.Count(scores.Pairs)} forecast values{skipped}."));
    }

    /// <summary>How good the first and the last step, the quantiles and the bounds are, a line each.</summary>
    public static void WriteDetails(IAnsiConsole console, ForecastScores scores)
    {
        if (scores.ByStep.Count > 1) console.WriteLine($"RMSE of the first step {Figures.Number(scores.ByStep[0].Model.Rmse)}, of the last {Figures.Number(scores.ByStep[^1].Model.Rmse)}.");
        foreach (QuantileScores quantile in scores.Quantiles)
            console.WriteLine($"Quantile {quantile.Level.ToString("R", CultureInfo.InvariantCulture)}: pinball loss {Figures.Number(quantile.PinballLoss)}, {Figures.Share(quantile.ShareBelow)} of the values are at or below it.");
        if (scores.Interval is { } interval)
            console.WriteLine($"Interval: {Figures.Share(interval.Coverage)} of the values are between the bounds, which are {Figures.Number(interval.MeanWidth)} apart on average.");
    }

    /// <summary>Statistics of the gradients, in one line.</summary>
    public static void WriteGradients(IAnsiConsole console, LstmTrainingReport training) =>
        console.WriteLine(training.Steps == 0 ? "No training step was made: the model has the weights that training began with." : $"Gradient norm: {Gradients(training.ClippingSummary)}");

    /// <summary>Whether the model or a naive forecast has the smaller error, in a sentence; where few forecasts do not overlap, with a caution that it may be chance.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="naive">The name of the best naive forecast.</param>
    /// <param name="best">Its root mean square error.</param>
    /// <param name="series">The number of series, at least 1.</param>
    internal static string InWords(ForecastScores scores, string naive, double best, int series)
    {
        double model = scores.Model.Rmse;
        if (model == best) return $"The model's RMSE equals that of the best naive forecast, {naive}.";
        string difference = Figures.Share(Math.Abs(model - best) / Math.Max(model, best));
        if (NaiveForecasts.TooFew(scores, series) is { } few) return $"The model's RMSE is {difference} {(model < best ? "below" : "above")} that of the best naive forecast, {naive}, {few}";
        return model < best
            ? $"The model is better than every naive forecast: its RMSE is {difference} below that of the best, {naive}."
            : $"A naive forecast is better than the model: the RMSE of {naive} is {difference} below the model's.";
    }

    /// <summary>The gradient norms and what clipping did to them, as the rest of a sentence.</summary>
    public static string Gradients(ClippingSummary clipping)
    {
        string clamped = clipping.LimitsElements ? $", {Figures.Share(clipping.ShareOfElementsClamped)} of the elements clamped" : "";
        string leftOut = clipping.RefusedSteps == 0 ? "" : $", {Figures.Count(clipping.RefusedSteps)} skipped as spikes";
        string bad = clipping.NonFiniteSteps == 0 ? "none" : Figures.Count(clipping.NonFiniteSteps);
        return $"median {Figures.Number(clipping.NormMedian)}, largest {Figures.Number(clipping.NormMax)}; "
            + $"{Figures.Share(clipping.ShareClipped)} of {Figures.Count(clipping.FiniteSteps)} steps clipped{clamped}{leftOut}; {bad} not finite.";
    }

    private static string Rows(int count) => count == 1 ? "1 row" : $"{Figures.Count(count)} rows";

    private static void Add(Table table, string name, ForecastMetrics metrics, string style = "default") =>
        table.AddRow(new[] { name, Figures.Number(metrics.Mae), Figures.Number(metrics.Rmse), Figures.Number(metrics.Mase) }
            .Select(cell => new Markup(Markup.Escape(cell), Style.Parse(style))));
}
