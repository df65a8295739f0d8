namespace MlnetClip.Tests;

/// <summary>Calls a function after every step of a fit.</summary>
internal sealed class StepObserver(Action<StepReport> onStep) : IFitObserver
{
    public void OnStep(in StepReport report) => onStep(report);
}
