
namespace MlnetClip.Search.Pruners;

/// <summary>The input of a pruner.</summary>
/// <param name="Number">The trial's index among the exploring trials, from 0.</param>
/// <param name="Reports">The values that the trial has reported, one or more, by increasing step; the last one is new.</param>
/// <param name="MaxSteps">The step at which a trial is complete, 1 or more.</param>
/// <param name="Others">The exploring trials of earlier generations, complete or pruned, in the same order.</param>
public sealed record PruneRequest(int Number, IReadOnlyList<TrialReport> Reports, int MaxSteps, IReadOnlyList<PastTrial> Others)
{
    /// <summary>The step of the last reported value.</summary>
    public int Step => Reports[^1].Step;
}
