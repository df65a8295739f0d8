
namespace MlnetClip.Search.Samplers;

/// <summary>Sorts trials from good to bad: complete ones by value, then pruned ones by the step they reached and by value, then failed ones.</summary>
internal static class TrialRanking
{
    /// <summary>The exploring trials with a result; cancelled and unfinished ones have none.</summary>
    public static Trial[] Rank(IEnumerable<Trial> trials) =>
    [
        .. trials
            .Where(trial => trial.State is TrialState.Complete or TrialState.Pruned or TrialState.Failed)
            .OrderBy(trial => trial.State switch { TrialState.Complete => 0, TrialState.Pruned => 1, _ => 2 })
            .ThenByDescending(trial => trial.State == TrialState.Pruned && trial.Reports.Count > 0 ? trial.Reports[^1].Step : 0)
            .ThenBy(trial => trial.Value ?? 0)
            .ThenBy(trial => trial.Number),
    ];
}
