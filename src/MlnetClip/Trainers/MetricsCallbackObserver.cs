namespace MlnetClip.Trainers;

/// <summary>The callback of the options as an observer.</summary>
internal sealed class MetricsCallbackObserver(Action<EpochReport> callback) : IFitObserver
{
    public string Name => nameof(LstmTrainerOptions.MetricsCallback);

    public void OnEpoch(EpochReport report) => callback(report);
}
