using MlnetClip.Search.Trials;

namespace MlnetClip.Search.Running;

/// <summary>Watches a study run in this process. Calls come one at a time, from any thread; one that throws ends the study.</summary>
public interface IStudyMonitor
{
    /// <summary>A trial begins.</summary>
    void OnTrialStarted(Trial trial);

    /// <summary>A running trial reports a value on its way.</summary>
    void OnTrialReported(Trial trial, TrialReport report);

    /// <summary>A trial has ended, or was given back to wait because the study stops.</summary>
    void OnTrialFinished(Trial trial);
}
