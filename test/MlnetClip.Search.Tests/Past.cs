namespace MlnetClip.Search.Tests;

/// <summary>Trials as a study would leave them.</summary>
internal static class Past
{
    public static Trial Complete(int number, SearchPoint point, double value) =>
        new(number, number, new TrialRequest(TrialStage.Explore, point)) { State = TrialState.Complete, Attempt = 1, Value = value };

    public static Trial Pruned(int number, SearchPoint point, params double[] values) =>
        new(number, number, new TrialRequest(TrialStage.Explore, point))
        {
            State = TrialState.Pruned,
            Attempt = 1,
            Value = values[^1],
            Reports = [.. values.Select((value, i) => new TrialReport(i + 1, value))],
        };

    public static Trial Failed(int number, SearchPoint point, FailureKind kind = FailureKind.NonFinite) =>
        new(number, number, new TrialRequest(TrialStage.Explore, point)) { State = TrialState.Failed, Attempt = 1, Failure = new TrialFailure(kind, "It failed.") };

    public static Trial Cancelled(int number, SearchPoint point) =>
        new(number, number, new TrialRequest(TrialStage.Explore, point)) { State = TrialState.Cancelled, Attempt = 1 };
}
