using MlnetClip.Training;

namespace MlnetClip;

/// <summary>Is called after every step, validation batch and epoch, on the training thread. An exception that it throws ends the fit.</summary>
public interface ITrainingObserver
{
    /// <summary>Called after every step, including skipped ones.</summary>
    void OnStep(in StepReport report)
    {
    }

    /// <summary>Called after every batch of validation sequences, of which there may be many at the end of an epoch.</summary>
    void OnValidationBatch()
    {
    }

    /// <summary>Called after every epoch.</summary>
    void OnEpoch(EpochReport report)
    {
    }
}
