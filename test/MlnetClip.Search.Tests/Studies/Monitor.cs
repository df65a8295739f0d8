using System.Collections.Concurrent;

namespace MlnetClip.Search.Tests.Studies;

/// <summary>Records the notifications of a study, and may act on them.</summary>
internal sealed class Monitor(Action<Trial>? started = null, Action<Trial>? finished = null) : IStudyMonitor
{
    public ConcurrentQueue<string> Seen { get; } = new();

    public void OnTrialStarted(Trial trial)
    {
        Seen.Enqueue($"+{trial.Number}");
        started?.Invoke(trial);
    }

    public void OnTrialReported(Trial trial, TrialReport report) => Seen.Enqueue($"{trial.Number}@{report.Step}");

    public void OnTrialFinished(Trial trial)
    {
        Seen.Enqueue($"-{trial.Number}");
        finished?.Invoke(trial);
    }
}
