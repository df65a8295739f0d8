using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Training;

/// <summary>How often the norm was how large, with its quantiles.</summary>
internal static class NormHistogramChart
{
    private static readonly int[] Shown = [0, 2, 4, 5, 6, 8, 9, 10];

    public static IEnumerable<ReportBlock> Of(LstmTrainingReport report)
    {
        yield return Chart(report);
        ClippingSummary summary = report.ClippingSummary;
        if (summary.NormQuantiles.Count != ClippingSummary.QuantileShares.Count || double.IsNaN(summary.NormMedian)) yield break;
        string exact = summary.QuantilesAreExact ? "" : " (within 0.35%)";
        yield return new TableBlock(
            $"Quantiles of the norm before clipping{exact}",
            ["", .. Shown.Select(i => i switch { 0 => "smallest", 5 => "median", 10 => "largest", _ => Words.Share(ClippingSummary.QuantileShares[i]) })],
            [["norm", .. Shown.Select(i => Words.Number(summary.NormQuantiles[i]))]]);
    }

    private static ReportBlock Chart(LstmTrainingReport report)
    {
        const string Title = "Distribution of the norm";
        if (report.Trace is null) return new MissingBlock(Title, "not recorded, because the model was loaded from a file, which keeps the quantiles only.");
        NormHistogram histogram = report.Trace.Norms;
        if (histogram.Counts.Count < 2) return new MissingBlock(Title, histogram.Counts.Count == 0 ? "no step had a finite gradient above 0." : "all norms were equal.");
        double[] counts = [.. histogram.Counts.Select(count => (double)count), histogram.Counts[^1]];
        Figure figure = new Figure("Norm of the gradient before clipping", "Steps").LogX().Y("rangemode", "tozero")
            .Line("steps", histogram.Edges.ToArray(), counts, Palette.Blue, shape: "hv", fill: "tozeroy")
            .Vertical("median", report.ClippingSummary.NormMedian, Palette.Green)
            .Vertical("99%", report.ClippingSummary.NormQuantiles[9], Palette.Purple);
        double[] thresholds = [.. report.Trace.Spans.Where(span => span.Threshold.HasValue).Select(span => span.Threshold.Mean)];
        if (thresholds.Length > 0) figure.Vertical("threshold at the end", thresholds[^1], Palette.Orange);
        return new ChartBlock("norm-histogram", Title, "How many steps had a norm of each size, in bins of equal width on a logarithmic axis. A threshold far to the left clips most steps, one far to the right none.", figure);
    }
}
