
namespace MlnetClip.Search.Stores;

/// <summary>A trial that was lost in every attempt.</summary>
internal static class LostTrial
{
    public static Trial Of(Trial trial) => trial with
    {
        State = TrialState.Failed,
        Failure = new TrialFailure(FailureKind.ProcessLost, $"Its process terminated in {trial.Attempt} of {trial.Attempt} attempts."),
    };
}
