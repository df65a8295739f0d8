
namespace MlnetClip.Search.Pruners;

/// <summary>A trial that a pruner may compare with.</summary>
/// <param name="Number">Its place among the trials that explore, from 0 on.</param>
/// <param name="Reports">What it reported, by increasing step.</param>
public sealed record PastTrial(int Number, IReadOnlyList<TrialReport> Reports)
{
    /// <summary>The value reported at a step, or null where there was none.</summary>
    public double? ValueAt(int step)
    {
        foreach (TrialReport report in Reports)
        {
            if (report.Step == step) return report.Value;
        }

        return null;
    }
}
