using MlnetClip.Training;

namespace MlnetClip.Search.Studies;

/// <summary>Stops the fit without clipping before its first step when the pipeline clips in it as it did in the probe: then it does not use its argument.</summary>
internal sealed class ClippingCheck(FitFigures figures, FitDescription probed) : IFitObserver
{
    public void OnFitBegun(FitDescription fit)
    {
        if (fit.Clipping.Equals(probed.Clipping))
        {
            throw new InvalidOperationException(
                $"The pipeline ignores the clipping that it is given: it trains with '{fit.Clipping}' whatever is tried.{Environment.NewLine}"
                + "Hint: pass the argument on to the trainer, for example clipping => mlContext.Forecasting.ForecastByLstm(..., clipping).");
        }

        figures.OnFitBegun(fit);
    }

    public void OnStep(in StepReport report) => figures.OnStep(in report);

    public void OnEpoch(EpochReport report) => figures.OnEpoch(report);

    public void OnFitEnded(TrainingResult result) => figures.OnFitEnded(result);
}
