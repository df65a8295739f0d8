using MlnetClip.Training;

namespace MlnetClip;

/// <summary>
/// Sees fits from their beginning to their end: one trainer's through its options, or all of them through a <see cref="FitScope"/>.
/// </summary>
public interface IFitObserver : ITrainingObserver
{
    /// <summary>A fit begins: options and data are checked, and no step was taken yet. What it throws ends the fit.</summary>
    /// <param name="fit">What the fit will do.</param>
    void OnFitBegun(FitDescription fit)
    {
    }

    /// <summary>A fit has ended; not called when it threw.</summary>
    void OnFitEnded(TrainingResult result)
    {
    }
}
