namespace MlnetClip.Search.Tests.Studies;

/// <summary>Counts the steps of the fits that it sees.</summary>
internal sealed class StepCounter : IFitObserver
{
    public int Steps { get; private set; }

    public void OnStep(in StepReport report) => Steps++;
}
