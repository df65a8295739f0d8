
namespace MlnetClip.Search.Pruners;

/// <summary>A trial that a pruner may compare with.</summary>
/// <param name="Number">Its index among the exploring trials, from 0.</param>
/// <param name="Reports">The values that it reported, by increasing step.</param>
public sealed record PastTrial(int Number, IReadOnlyList<TrialReport> Reports)
{
    /// <summary>The value reported at a step, or null if there was none.</summary>
    public double? ValueAt(int step)
    {
        foreach (TrialReport report in Reports)
        {
            if (report.Step == step) return report.Value;
        }

        return null;
    }
}
