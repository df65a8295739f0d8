using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Training;

/// <summary>Training and validation loss over the epochs, with the loss of single steps behind them.</summary>
internal static class LossChart
{
    public static ReportBlock Of(LstmTrainingReport report)
    {
        if (report.History.Count == 0) return new MissingBlock("Loss", "not recorded, because version 0.1 trained the model.");
        Figure figure = new Figure("Epoch", "Loss (in scaled units)").WideY();
        string text = "Mean loss of each epoch while training went on, and on the validation rows after it.";
        if (report.Trace is { Spans.Count: > 0 } trace && report.Epochs > 0)
        {
            var steps = new StepSeries(trace);
            double[] epochs = [.. steps.Steps.Select(step => (step + 1) * report.Epochs / trace.Steps)];
            if (steps.IsExact) figure.Line("loss of a step", epochs, steps.Of(span => span.Loss.Mean), Palette.Gray, width: 0.7);
            else figure.Band("smallest to largest of steps", epochs, steps.Of(span => span.Loss.Smallest), steps.Of(span => span.Loss.Largest), Palette.Gray);
            text += steps.IsExact ? " The thin line is the loss of each training step." : $" The area is the loss of single steps, {Words.Count(trace.StepsPerSpan)} at a point.";
        }

        double[] numbers = [.. report.History.Select(epoch => (double)epoch.Epoch)];
        double[] training = [.. report.History.Select(epoch => epoch.TrainLoss)], validation = [.. report.History.Select(epoch => epoch.ValidationLoss ?? double.NaN)];
        figure.Line("training", numbers, training, Palette.Blue, width: 2, markers: numbers.Length <= 60);
        figure.Line("validation", numbers, validation, Palette.Orange, width: 2, markers: numbers.Length <= 60);
        if (report.ValidationLoss is not null && report.BestEpoch > 0)
        {
            figure.Vertical($"epoch {report.BestEpoch}, whose weights were kept", report.BestEpoch, Palette.Green);
            text += " The weights of the epoch with the lowest validation loss were kept.";
        }
        else
        {
            text += " There were no validation rows, so the weights of the last epoch were kept.";
        }

        if (figure.IsEmpty) return new MissingBlock("Loss", "no loss was finite.");
        if (IsSpread([.. training, .. validation])) figure.LogY();
        return new ChartBlock("loss", "Loss", text, figure);
    }

    /// <summary>Whether all losses are positive and span more than a factor of 20: then a logarithmic axis shows more.</summary>
    private static bool IsSpread(double[] losses)
    {
        double[] finite = [.. losses.Where(double.IsFinite)];
        return finite.Length > 0 && finite.Min() > 0 && finite.Max() > 20 * finite.Min();
    }
}
