namespace MlnetClip;

/// <summary>A fit reached values that are not finite: a gradient (<see cref="NonFiniteGradientException"/>) or the trained weights.</summary>
public class TrainingDivergedException : InvalidOperationException
{
    internal TrainingDivergedException(string message)
        : base(message)
    {
    }
}
