using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Training;

/// <summary>The short training with a rising learning rate before the fit, and whether it proposes a rate.</summary>
internal static class SweepChart
{
    /// <summary>The chart and the reason; nothing where the options gave a rate.</summary>
    public static IEnumerable<ReportBlock> Of(LstmTrainingReport report)
    {
        if (report.LearningRateReason is { } reason) yield return new TextBlock([$"Result of the learning rate sweep: {reason}"]);
        if (report.LearningRateSweep is not { Points.Count: > 1 } sweep)
        {
            if (report.LearningRateReason is not null) yield return new MissingBlock("Learning rate sweep", "not recorded, because the model was loaded from a file, which keeps the result only.");
            yield break;
        }

        double[] rates = [.. sweep.Points.Select(point => point.LearningRate)], losses = [.. sweep.Points.Select(point => point.SmoothedLoss)];
        Figure figure = new Figure("Learning rate", "Loss").LogX()
            .Line("loss of a step", rates, [.. sweep.Points.Select(point => point.Loss)], Palette.Gray, width: 0.7)
            .Line("moving average", rates, losses, Palette.Blue, width: 2);
        double[] finite = [.. losses.Where(double.IsFinite)];
        if (finite.Length > 0 && finite.Min() > 0) figure.LogY();
        if (sweep.Proposal is { } proposal) figure.Vertical("proposed", (double)proposal, Palette.Green);
        if (figure.IsEmpty) yield break;
        yield return new ChartBlock("learning-rate-sweep", "Learning rate sweep", "A short training with a rising learning rate, before the fit. A proposal holds for the clipping of the fit: another threshold allows another rate.", figure);
    }
}
