
namespace MlnetClip;

/// <summary>Watches a study that runs in this process; implement what you need. Calls come one at a time, from any thread; one that throws ends the study.</summary>
public interface IStudyMonitor
{
    /// <summary>A trial begins.</summary>
    void OnTrialStarted(Trial trial)
    {
    }

    /// <summary>A running trial reports a value on its way.</summary>
    void OnTrialReported(Trial trial, TrialReport report)
    {
    }

    /// <summary>A trial has ended, or was given back to wait because the study stops.</summary>
    void OnTrialFinished(Trial trial)
    {
    }
}
