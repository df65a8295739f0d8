using MlnetClip.Training;

namespace MlnetClip;

/// <summary>Sees every step and epoch as it happens, on the training thread. What it throws ends the fit.</summary>
public interface ITrainingObserver
{
    /// <summary>After every step, skipped ones included.</summary>
    void OnStep(in StepReport report)
    {
    }

    /// <summary>After every epoch.</summary>
    void OnEpoch(EpochReport report)
    {
    }
}
