namespace MlnetClip;

/// <summary>What an <see cref="IFitObserver"/> may ask a fit to measure. Norms by layer, tensor and gate are always known and need not be asked for.</summary>
[Flags]
public enum FitMeasures
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>
    /// The norm of what each time step contributes to the gradient, at one training step in eight, which takes about a hundredth of the time:
    /// <see cref="StepReport.TimeStepNorms"/>. The results of the fit get their means too. An engine that cannot measure them leaves them out.
    /// </summary>
    TimeSteps = 1,
}
