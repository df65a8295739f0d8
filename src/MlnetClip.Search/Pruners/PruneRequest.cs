
namespace MlnetClip.Search.Pruners;

/// <summary>All that a pruner may know.</summary>
/// <param name="Number">The trial's place among the trials that explore, from 0 on.</param>
/// <param name="Reports">What the trial has reported, by increasing step, one or more; the last one has just come.</param>
/// <param name="MaxSteps">The step at which a trial is complete, 1 or more.</param>
/// <param name="Others">The trials of earlier generations that explored, complete or pruned, in the same order of places.</param>
public sealed record PruneRequest(int Number, IReadOnlyList<TrialReport> Reports, int MaxSteps, IReadOnlyList<PastTrial> Others)
{
    /// <summary>The step that has just been reported.</summary>
    public int Step => Reports[^1].Step;
}
