using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Training;

/// <summary>What each time step of the sequences contributed to the gradient, which shows a vanishing gradient.</summary>
internal static class TimeStepChart
{
    public static ReportBlock Of(LstmTrainingReport report)
    {
        const string Title = "Norm by time step";
        IReadOnlyList<double> norms = report.ClippingSummary.TimeStepNorms;
        if (norms.Count == 0) return new MissingBlock(Title, "not measured. Set MeasureTimeSteps to true in the options of the trainer; it takes about a hundredth of the time.");
        if (TimeStepReach.Of(norms) is not { } reach) return new MissingBlock(Title, "every contribution was 0.");
        double largest = norms.Max();
        double[] fromEnd = [.. Enumerable.Range(0, norms.Count).Select(t => (double)(t - norms.Count + 1))];
        Figure figure = new Figure("Time step of the sequence, counted from the last one (0)", "Mean norm of the contribution").LogY()
            .Line("contribution to the gradient", fromEnd, [.. norms.Select(norm => norm > 0 ? norm : double.NaN)], Palette.Blue, markers: norms.Count <= 60)
            .Horizontal("1/1000 of the largest", TimeStepReach.SmallestShare * largest, Palette.Orange);
        return new ChartBlock(
            "norm-time-steps", Title, $"What each time step contributed to the gradient, on average over the measured steps. {InWords(reach)}", figure);
    }

    private static string InWords(TimeStepReach reach) => reach.Reached == reach.TimeSteps
        ? $"All {reach.TimeSteps} time steps contribute at least 1/1000 of the largest contribution: the gradient does not vanish."
        : $"The last {reach.Reached} of {reach.TimeSteps} time steps contribute at least 1/1000 of the largest contribution"
            + (reach.IsVanishing ? ": the gradient vanishes, and earlier time steps hardly train the model." : "; those before them contribute less, and hardly train the model.");
}
