using MlnetClip.Training;

namespace MlnetClip;

/// <summary>
/// Is notified of a fit from its start to its end, on the training thread: of a <see cref="TrainingLoop"/>, of one trainer through its options, or of all
/// trainers through a scope. Every method has a default that does nothing. Several observers are one through <see cref="FitObservers.Of"/>.
/// </summary>
/// <remarks>
/// An exception ends the fit. The checkpoint is written first if the options name one, so that the fit can be resumed.
/// <see cref="OperationCanceledException"/> cancels: it reaches the caller as it is, and so does an exception of <see cref="OnFitBegun"/>, which refuses the
/// fit before it has done anything. Any other exception reaches the caller as a <see cref="FitObserverException"/> with the name of the observer.
/// </remarks>
public interface IFitObserver
{
    /// <summary>The name in error messages. Default: the name of the type.</summary>
    string Name => GetType().Name;

    /// <summary>What the observer needs beyond what every step knows; read once, before the fit. Default: nothing, which costs nothing.</summary>
    FitMeasures Measures => FitMeasures.None;

    /// <summary>Called when a fit begins or resumes, after the check of options and data and before the first step.</summary>
    /// <param name="fit">The description of the fit.</param>
    void OnFitBegun(FitDescription fit)
    {
    }

    /// <summary>Called after every step, including skipped ones.</summary>
    /// <param name="report">The figures of the step. Norms by part and by time step can be read only while this method runs.</param>
    void OnStep(in StepReport report)
    {
    }

    /// <summary>Called after every batch of validation sequences, of which there may be many at the end of an epoch.</summary>
    void OnValidationBatch()
    {
    }

    /// <summary>Called after every epoch, validation included.</summary>
    /// <param name="report">The figures of the epoch.</param>
    void OnEpoch(EpochReport report)
    {
    }

    /// <summary>
    /// Called after an epoch for a conclusion about clipping that the fit has not come to before, once for each <see cref="ClippingConclusion"/>, when there are
    /// at least <see cref="FitObservers.StepsBeforeVerdicts"/> finite steps to conclude from, and for <see cref="ClippingConclusion.VanishingGradient"/> in the second half of the epochs.
    /// </summary>
    /// <param name="verdict">The conclusion, with the figures of all steps so far.</param>
    void OnVerdict(ClippingVerdict verdict)
    {
    }

    /// <summary>Called after a checkpoint was written, or could not be.</summary>
    /// <param name="report">The file, and the error where there was one.</param>
    void OnCheckpoint(CheckpointReport report)
    {
    }

    /// <summary>Called when a fit has finished; not called when it was cancelled or threw an exception.</summary>
    /// <param name="result">The result.</param>
    void OnFitEnded(TrainingResult result)
    {
    }
}
