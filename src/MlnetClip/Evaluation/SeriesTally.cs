namespace MlnetClip.Evaluation;

/// <summary>What was counted in one series, step by step of the horizon.</summary>
/// <param name="name">The series; empty for a single one.</param>
/// <param name="horizon">Steps.</param>
/// <param name="levels">The levels of the quantiles.</param>
/// <param name="scale">MASE's denominator.</param>
internal sealed class SeriesTally(string name, int horizon, IReadOnlyList<double> levels, double scale)
{
    /// <summary>The steps.</summary>
    public StepTally[] Steps { get; } = [.. Enumerable.Range(0, horizon).Select(_ => new StepTally(levels.Count))];

    /// <summary>Rows at which a forecast was evaluated.</summary>
    public int Origins { get; set; }

    /// <summary>Whether bounds were evaluated.</summary>
    public bool HasBounds { get; set; }

    private string Name => name;

    private IReadOnlyList<double> Levels => levels;

    private double Scale => scale;

    /// <summary>The scores over all steps and series, by step, and by series.</summary>
    /// <param name="tallies">Those of the series, at least one, with the same horizon and levels; a series may have several, of several folds.</param>
    /// <param name="bySeries">Whether the scores of each series are wanted.</param>
    public static ForecastScores Scores(IReadOnlyList<SeriesTally> tallies, bool bySeries)
    {
        ForecastScores[] steps = [.. Enumerable.Range(0, tallies[0].Steps.Length).Select(step => Merge(tallies, step, step + 1))];
        var series = new OrderedDictionary<string, ForecastScores>();
        if (bySeries)
            foreach (IGrouping<string, SeriesTally> group in tallies.GroupBy(tally => tally.Name)) series.Add(group.Key, Scores([.. group], bySeries: false));
        return Merge(tallies, 0, steps.Length) with { ByStep = steps, BySeries = series };
    }

    private static ForecastScores Merge(IReadOnlyList<SeriesTally> tallies, int first, int end)
    {
        var sum = new StepTally(tallies[0].Levels.Count);
        foreach (SeriesTally tally in tallies)
        {
            var all = new StepTally(tally.Levels.Count); // the steps of a series are added first, so that the division by its scale rounds once
            for (int step = first; step < end; step++) all.Add(tally.Steps[step], double.NaN);
            sum.Add(all, tally.Scale);
        }

        bool oneStep = end - first == 1;
        return sum.Scores(
            tallies.Count == 1 ? tallies[0].Scale : double.NaN, oneStep ? checked((int)sum.Pairs) : tallies.Sum(tally => tally.Origins), tallies[0].Levels,
            tallies.Any(tally => tally.HasBounds));
    }
}
