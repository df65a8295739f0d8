namespace MlnetClip.Search.Studies;

/// <summary>Stops the fit without clipping before its first step when the pipeline clips as in the probe, because then it ignores its argument.</summary>
internal sealed class ClippingCheck(FitDescription probed) : IFitObserver
{
    public void OnFitBegun(FitDescription fit)
    {
        if (!fit.Clipping.Equals(probed.Clipping)) return;
        throw new InvalidOperationException(
            $"The pipeline ignores its clipping argument: it trains with '{fit.Clipping}' in every trial.{Environment.NewLine}"
            + "Hint: pass the argument on to the trainer, for example clipping => mlContext.Forecasting.ForecastByLstm(..., clipping).");
    }
}
