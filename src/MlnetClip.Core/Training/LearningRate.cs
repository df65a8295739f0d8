using MlnetClip.Schedules;

namespace MlnetClip.Training;

/// <summary>The learning rate of a step: the option times the schedule's factor, that of its plateaus, and that of the roll-backs.</summary>
internal sealed class LearningRate(TrainingOptions options, long totalSteps, RollBackSnapshot snapshot, FitHistory history)
{
    private int _epoch = -1;
    private double _plateaus = 1;

    /// <summary>The learning rate of the next step.</summary>
    public float At(FitPosition position)
    {
        if (_epoch != position.Epoch) (_epoch, _plateaus) = (position.Epoch, options.Schedule.AfterPlateaus(history.Epochs));
        return (float)(options.LearningRate * snapshot.LearningRateFactor * _plateaus * options.Schedule.At(position.Step, position.Epoch, totalSteps));
    }

    /// <summary>Reads the history again, which a resumed fit has replaced.</summary>
    public void Reset() => _epoch = -1;
}
