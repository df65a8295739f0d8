using MlnetClip.Training;

namespace MlnetClip;

/// <summary>Sees fits from their beginning to their end, through a <see cref="FitScope"/>.</summary>
public interface IFitObserver : ITrainingObserver
{
    /// <summary>A fit begins.</summary>
    /// <param name="epochs">The epochs that it will run, unless it stops early.</param>
    void OnFitBegun(int epochs)
    {
    }

    /// <summary>A fit has ended; not called when it threw.</summary>
    void OnFitEnded(TrainingResult result)
    {
    }
}
