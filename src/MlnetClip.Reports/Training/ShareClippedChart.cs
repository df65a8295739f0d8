using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Training;

/// <summary>The share of clipped steps over time.</summary>
internal static class ShareClippedChart
{
    public static ReportBlock Of(LstmTrainingReport report)
    {
        const string Title = "Share of clipped steps";
        if (report.ClippingSummary.Rules.Count == 0) return new MissingBlock(Title, "the fit had no clipping rules.");
        Figure figure;
        string text;
        if (report.Trace is { Spans.Count: > 0 } trace)
        {
            var (steps, shares, each) = new StepSeries(trace).ShareClipped();
            figure = new Figure("Training step", "Share of steps").PercentY().Line("clipped", steps, shares, Palette.Blue, fill: "tozeroy", markers: steps.Length < 3);
            text = $"Each point is {Words.Count(each, "step")}.";
        }
        else
        {
            figure = new Figure("Epoch", "Share of steps").PercentY().Line(
                "clipped", report.History.Select(epoch => (double)epoch.Epoch).ToArray(), [.. report.History.Select(epoch => epoch.ShareClipped)], Palette.Blue, markers: true);
            text = "By epoch.";
        }

        return figure.IsEmpty
            ? new MissingBlock(Title, report.History.Count == 0 ? "not recorded, because version 0.1 trained the model." : "no step had a finite gradient.")
            : new ChartBlock("share-clipped", Title, $"The share of the steps with a finite gradient whose gradient clipping changed. {text}", figure);
    }
}
