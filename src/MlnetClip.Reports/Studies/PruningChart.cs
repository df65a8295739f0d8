using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Studies;

/// <summary>The loss of every trial over its epochs, and where trials were stopped early.</summary>
internal static class PruningChart
{
    private const string Title = "Trials over their epochs";

    public static ReportBlock Of(ClippingStudyResult result)
    {
        Trial[] trials = [.. result.Trials.Where(trial => trial.Reports.Count > 0)];
        if (trials.Length == 0) return new MissingBlock(Title, "no trial reported a loss.");
        Figure figure = new Figure("Epoch", "Best validation loss so far") { HoverClosest = true }.WideY();
        Lines(figure, "trained to the end", [.. trials.Where(trial => trial.State == TrialState.Complete)], Palette.Blue);
        Lines(figure, "stopped early", [.. trials.Where(trial => trial.State == TrialState.Pruned)], Palette.Orange);
        Lines(figure, "failed or cancelled", [.. trials.Where(trial => trial.State is TrialState.Failed or TrialState.Cancelled)], Palette.Red);
        Trial[] pruned = [.. trials.Where(trial => trial.State == TrialState.Pruned)];
        figure.Marks(
            "where it was stopped", Array.ConvertAll(pruned, trial => (double)trial.Reports[^1].Step), Array.ConvertAll(pruned, trial => trial.Reports[^1].Value), Palette.Orange, "x", 8,
            Array.ConvertAll(pruned, trial => $"{trial}"));
        double[] losses = [.. trials.SelectMany(trial => trial.Reports).Select(report => report.Value).Where(double.IsFinite)];
        if (losses.Length > 0 && losses.Min() > 0 && losses.Max() > 20 * losses.Min()) figure.LogY();
        return figure.IsEmpty
            ? new MissingBlock(Title, "no reported loss was finite.")
            : new ChartBlock("pruning", Title, pruned.Length == 0
                ? "Each line is a trial. No trial was stopped early."
                : $"Each line is a trial. {Words.Count(pruned.Length, "trial")} {(pruned.Length == 1 ? "was" : "were")} stopped early, because others were better after as many epochs.", figure);
    }

    private static void Lines(Figure figure, string name, Trial[] trials, string color)
    {
        var epochs = new List<double>();
        var losses = new List<double>();
        foreach (Trial trial in trials)
        {
            epochs.AddRange(trial.Reports.Select(report => (double)report.Step));
            losses.AddRange(trial.Reports.Select(report => report.Value));
            epochs.Add(trial.Reports[^1].Step);
            losses.Add(double.NaN); // a gap between trials
        }

        figure.Line(name, epochs.ToArray(), [.. losses], color, width: 1.1, markers: trials.Any(trial => trial.Reports.Count == 1));
    }
}
