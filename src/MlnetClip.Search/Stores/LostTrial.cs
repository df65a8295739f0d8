
namespace MlnetClip.Search.Stores;

/// <summary>A trial that was begun as often as it may be, and whose workers all vanished.</summary>
internal static class LostTrial
{
    public static Trial Of(Trial trial) => trial with
    {
        State = TrialState.Failed,
        Failure = new TrialFailure(FailureKind.ProcessLost, $"The process that ran it vanished, {trial.Attempt} of {trial.Attempt} times."),
    };
}
