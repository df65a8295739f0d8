using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Training;

/// <summary>The gradient's norm before and after clipping, the threshold in force, and the steps that were skipped or not finite.</summary>
internal static class NormChart
{
    public static ReportBlock Of(LstmTrainingReport report)
    {
        if (report.Trace is not { Spans.Count: > 0 } trace) return ByEpoch(report);
        var steps = new StepSeries(trace);
        var figure = new Figure("Training step", "Norm of the gradient").LogY();
        double[] largest = steps.Of(span => Positive(span.NormBefore.Largest)), before = steps.Of(span => Positive(span.NormBefore.Mean));
        if (!steps.IsExact) figure.Band("before, smallest to largest", steps.Steps, steps.Of(span => Positive(span.NormBefore.Smallest)), largest, Palette.Blue);
        figure.Line("before clipping", steps.Steps, before, Palette.Blue, width: 1.2);
        bool clips = trace.Spans.Any(span => span.ClippedSteps > 0);
        if (clips) figure.Line("after clipping", steps.Steps, steps.Of(span => Positive(span.NormAfter.Mean)), Palette.Green, width: 1.2);
        figure.Line("threshold in force", steps.Steps, steps.Of(span => Positive(span.Threshold.Mean)), Palette.Orange, width: 1.6, dash: "dash", shape: "hv");
        if (figure.IsEmpty) return new MissingBlock("Norm of the gradient", "no step had a finite gradient.");
        double top = largest.Where(double.IsFinite).DefaultIfEmpty(1).Max();
        Marks(figure, "gradient not finite", span => span.NonFiniteSteps, _ => top, Palette.Red, "x");
        Marks(figure, "skipped as a spike", span => span.RefusedSteps, span => span.NormBefore.Largest, Palette.Purple, "triangle-up");
        string threshold = trace.Spans.Any(span => span.Threshold.HasValue)
            ? clips ? "Where the norm is above the threshold, clipping reduces it." : "No gradient was changed."
            : "No rule had a threshold, so none is shown.";
        return new ChartBlock("norm", "Norm of the gradient", $"The 2-norm of the whole gradient of the mean loss, before and after clipping. {threshold} {steps.PointText}", figure);

        void Marks(Figure chart, string name, Func<StepSpan, long> count, Func<StepSpan, double> height, string color, string symbol)
        {
            StepSpan[] marked = [.. trace.Spans.Where(span => count(span) > 0)];
            chart.Marks(
                name, Array.ConvertAll(marked, span => span.FirstStep + ((span.Steps - 1) / 2.0)), Array.ConvertAll(marked, span => Positive(height(span))), color, symbol, 9,
                [.. marked.Select(span => $"{name}: {(span.Steps == 1 ? $"step {span.FirstStep}" : $"{count(span)} of steps {span.FirstStep} to {span.FirstStep + span.Steps - 1}")}")]);
        }
    }

    private static ReportBlock ByEpoch(LstmTrainingReport report)
    {
        const string Title = "Norm of the gradient";
        if (report.History.Count == 0) return new MissingBlock(Title, "not recorded, because version 0.1 trained the model.");
        double[] epochs = [.. report.History.Select(epoch => (double)epoch.Epoch)];
        Figure figure = new Figure("Epoch", "Norm of the gradient before clipping").LogY()
            .Line("median", epochs, [.. report.History.Select(epoch => Positive(epoch.NormMedian))], Palette.Blue, markers: true)
            .Line("largest", epochs, [.. report.History.Select(epoch => Positive(epoch.NormMaximum))], Palette.Orange, markers: true);
        return figure.IsEmpty
            ? new MissingBlock(Title, "no step had a finite gradient.")
            : new ChartBlock("norm", Title, "By epoch. The single steps were not recorded, because the model was loaded from a file, which keeps figures by epoch only.", figure);
    }

    private static double Positive(double norm) => norm > 0 ? norm : double.NaN; // a logarithmic axis has no 0
}
