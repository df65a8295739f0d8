using MlnetClip.Cli.Models;
using MlnetClip.Cli.Tasks;
using Spectre.Console;

namespace MlnetClip.Cli.Output;

/// <summary>The result of <c>train</c> and <c>evaluate</c> for a model over sequences as text: its metrics, a naive prediction, and statistics of the gradients.</summary>
internal static class SequenceScoreTable
{
    public static void Write(IAnsiConsole console, LoadedSequenceModel model, SequenceEvaluation evaluation)
    {
        SequenceScores scores = evaluation.Scores;
        string rows = $"{Figures.Count(evaluation.Rows)} {(evaluation.HeldOut ? "held-out " : "")}{evaluation.Noun}{(evaluation.Rows == 1 ? "" : "s")}";
        var table = new Table().RoundedBorder();
        table.AddColumn("metric").AddColumn(new TableColumn("value").RightAligned());
        foreach (var (name, value) in scores.Metrics) table.AddRow(name.Replace('_', ' '), Value(name, value));
        console.Write(table);
        console.WriteLine($"Evaluated on {rows} of {Figures.Count(evaluation.FileRows)} ({model.Task.Name.Replace('_', ' ')}).");
        string main = scores.Metrics.Keys.First();
        console.WriteLine(main.EndsWith("accuracy", StringComparison.Ordinal) && scores.Naive == 1
            ? $"Every label of these rows is of one class, so {main.Replace('_', ' ')} cannot tell whether the model is better than always predicting that class."
            : scores.IsBetterThanNaive
            ? $"The model is better than {scores.NaiveName}, whose {main.Replace('_', ' ')} is {Value(main, scores.Naive)}."
            : $"The model is not better than {scores.NaiveName}, whose {main.Replace('_', ' ')} is {Value(main, scores.Naive)}.");
        ScoreTable.WriteGradients(console, model.Predictor.Training);
    }

    private static string Value(string name, double value) => name.EndsWith("accuracy", StringComparison.Ordinal) ? Percent(value) : Figures.Number(value);

    private static string Percent(double share) => FormattableString.Invariant($"{100 * share:0.0}%");
}
