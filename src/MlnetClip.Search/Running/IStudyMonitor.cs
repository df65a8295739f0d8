
namespace MlnetClip;

/// <summary>Is notified of the trials of a study in this process; implement the methods that you need. Calls come one at a time, on any thread. An exception ends the study.</summary>
public interface IStudyMonitor
{
    /// <summary>Called when a trial begins.</summary>
    void OnTrialStarted(Trial trial)
    {
    }

    /// <summary>Called when a running trial reports an intermediate value.</summary>
    void OnTrialReported(Trial trial, TrialReport report)
    {
    }

    /// <summary>Called when a trial has finished, or waits again because the study stops.</summary>
    void OnTrialFinished(Trial trial)
    {
    }
}
