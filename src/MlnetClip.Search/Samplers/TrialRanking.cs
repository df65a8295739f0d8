
namespace MlnetClip.Search.Samplers;

/// <summary>Orders trials from good to bad: complete by value, then pruned by how far they came and by value, then failed.</summary>
internal static class TrialRanking
{
    /// <summary>The trials of the exploration that say something of their point; cancelled and unfinished ones do not.</summary>
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
