using MlnetClip.Training;

namespace MlnetClip;

/// <summary>
/// Is notified of fits from their start to their end: those of one trainer through its options, or all of them through a <see cref="FitScope"/>.
/// </summary>
public interface IFitObserver : ITrainingObserver
{
    /// <summary>Called when a fit begins, after the check of options and data and before the first step. An exception that it throws ends the fit.</summary>
    /// <param name="fit">The description of the fit.</param>
    void OnFitBegun(FitDescription fit)
    {
    }

    /// <summary>Called when a fit has finished; not called when it threw an exception.</summary>
    void OnFitEnded(TrainingResult result)
    {
    }
}
