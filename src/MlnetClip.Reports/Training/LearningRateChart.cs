using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Training;

/// <summary>The learning rate over time.</summary>
internal static class LearningRateChart
{
    public static ReportBlock Of(LstmTrainingReport report)
    {
        Figure figure;
        string text;
        if (report.Trace is { Spans.Count: > 0 } trace)
        {
            var steps = new StepSeries(trace);
            figure = new Figure("Training step", "Learning rate").Y("rangemode", "tozero");
            if (!steps.IsExact) figure.Band("smallest to largest", steps.Steps, steps.Of(span => span.LearningRate.Smallest), steps.Of(span => span.LearningRate.Largest), Palette.Blue);
            figure.Line("learning rate", steps.Steps, steps.Of(span => span.LearningRate.Mean), Palette.Blue);
            text = steps.PointText;
        }
        else
        {
            figure = new Figure("Epoch", "Learning rate").Y("rangemode", "tozero").Line(
                "learning rate", report.History.Select(epoch => (double)epoch.Epoch).ToArray(), [.. report.History.Select(epoch => (double)epoch.LearningRate)], Palette.Blue, markers: true);
            text = "That of the last step of each epoch.";
        }

        return figure.IsEmpty
            ? new MissingBlock("Learning rate", "not recorded, because version 0.1 trained the model.")
            : new ChartBlock("learning-rate", "Learning rate", $"The optimizer's learning rate, with the schedule and the reductions after roll-backs. {text}", figure);
    }
}
