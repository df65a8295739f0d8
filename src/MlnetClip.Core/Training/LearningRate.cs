namespace MlnetClip.Training;

/// <summary>The learning rate of a step: the option times the schedule's factor times the factor of the roll-backs.</summary>
internal sealed class LearningRate(TrainingOptions options, long totalSteps, RollBackSnapshot snapshot)
{
    /// <summary>The learning rate of the next step.</summary>
    public float At(FitPosition position) => (float)(options.LearningRate * snapshot.LearningRateFactor
        * options.Schedule.At(position.Step, position.Epoch, totalSteps));
}
