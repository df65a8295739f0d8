using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Studies;

/// <summary>Every trial as a line over what was tried and what came of it. Drawn as lines of a plain chart: Plotly's own chart of this kind needs WebGL and does not print.</summary>
internal static class ParallelChart
{
    private const string Title = "Trials as parallel coordinates";
    private static readonly (string Name, string Color)[] Classes =
        [("best quarter of the losses", Palette.Green), ("second quarter", Palette.Blue), ("third quarter", Palette.Orange), ("worst quarter", Palette.Red)];

    public static ReportBlock Of(ClippingStudyResult result)
    {
        Trial[] trials = [.. result.Trials.Where(trial => trial.Value is { } value && double.IsFinite(value) && trial.State is TrialState.Complete or TrialState.Pruned)];
        if (trials.Length < 2) return new MissingBlock(Title, "fewer than two trials have a loss.");
        List<ParallelAxis> axes = [.. trials.SelectMany(trial => trial.Point.Values).Select(value => value.Parameter).Distinct().Select(name => ParallelAxis.OfParameter(name, trials))];
        axes.Add(ParallelAxis.OfNumbers("seed", [.. trials.Select(trial => (double)trial.Seed)]));
        axes.Add(ParallelAxis.OfNumbers("epochs", [.. trials.Select(trial => (double)(trial.Reports.Count == 0 ? 0 : trial.Reports[^1].Step))]));
        if (trials.Any(trial => trial.Measure(TrialMeasures.ShareClipped) is not null))
            axes.Add(ParallelAxis.OfNumbers("share clipped", [.. trials.Select(trial => trial.Measure(TrialMeasures.ShareClipped) ?? 0)]));
        axes.Add(ParallelAxis.OfNumbers("loss", [.. trials.Select(trial => trial.Value!.Value)]));

        double[] columns = [.. Enumerable.Range(0, axes.Count).Select(i => (double)i)];
        var figure = new Figure("What was tried, and what came of it", "From the lowest to the highest") { HoverClosest = true };
        figure.X("automargin", true).X("tickvals", columns).X("ticktext", axes.Select(axis => axis.Name).ToArray()).X("range", new[] { -0.3, axes.Count - 0.4 }).Y("showticklabels", false).Y("showgrid", false).Y("zeroline", false);
        Trial[] byLoss = [.. trials.OrderBy(trial => trial.Value)];
        for (int c = Classes.Length - 1; c >= 0; c--) // the best on top
        {
            Trial[] members = [.. byLoss.Where((_, i) => i * Classes.Length / byLoss.Length == c)];
            Draw(figure, Classes[c].Name, Classes[c].Color, members, trials, axes);
        }

        figure.Texts(
            "values", axes.SelectMany((axis, i) => axis.Ticks.Select(_ => (double)i)).ToArray(), [.. axes.SelectMany(axis => axis.Ticks.Select(tick => tick.At))],
            [.. axes.SelectMany(axis => axis.Ticks.Select(tick => tick.Text))]);
        int left = result.Trials.Count - trials.Length;
        return new ChartBlock(
            "trials-parallel", Title, "Each line is a trial, colored by its loss; click a name in the legend to hide or show its trials."
            + $"{(left == 0 ? "" : $" {Words.Count(left, "trial")} without a loss {(left == 1 ? "is" : "are")} not shown.")}", figure);
    }

    private static void Draw(Figure figure, string name, string color, Trial[] members, Trial[] trials, List<ParallelAxis> axes)
    {
        var (x, y, texts) = (new List<double>(), new List<double>(), new List<string>());
        foreach (Trial trial in members)
        {
            int row = Array.IndexOf(trials, trial);
            for (int axis = 0; axis <= axes.Count; axis++)
            {
                x.Add(Math.Min(axis, axes.Count - 1));
                y.Add(axis == axes.Count ? double.NaN : axes[axis].Heights[row]); // a gap between trials
                texts.Add($"{trial}");
            }
        }

        figure.Path(name, x.ToArray(), [.. y], color, texts);
    }
}
