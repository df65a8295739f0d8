using MlnetClip.Training;

namespace MlnetClip.TestKit;

/// <summary>Keeps every report of a fit, and lets a test act on each.</summary>
public sealed class StepRecorder(Action<StepReport>? onStep = null, Action<EpochReport>? onEpoch = null) : IFitObserver
{
    /// <summary>All step reports in order.</summary>
    public List<StepReport> Reports { get; } = [];

    /// <summary>All epoch reports in order.</summary>
    public List<EpochReport> Epochs { get; } = [];

    /// <inheritdoc/>
    public void OnStep(in StepReport report)
    {
        Reports.Add(report);
        onStep?.Invoke(report);
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochReport report)
    {
        Epochs.Add(report);
        onEpoch?.Invoke(report);
    }
}
