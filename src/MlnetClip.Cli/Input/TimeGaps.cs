using MlnetClip.Cli.Input.Steps;

namespace MlnetClip.Cli.Input;

/// <summary>Where rows are missing in a time column.</summary>
/// <param name="Count">Gaps: neighbors that are further apart than the usual step.</param>
/// <param name="LongestMissing">Rows that are missing in the longest gap.</param>
/// <param name="LongestAfter">The row before the longest gap, counted from 0.</param>
internal sealed record TimeGaps(int Count, int LongestMissing, int LongestAfter)
{
    /// <summary>No gaps.</summary>
    public static readonly TimeGaps None = new(0, 0, 0);

    /// <summary>Finds the gaps.</summary>
    public static TimeGaps Of(IReadOnlyList<DateTimeOffset> stamps, TimeStep step)
    {
        TimeGaps gaps = None;
        for (int row = 1; row < stamps.Count; row++)
        {
            int missing = step.MissingBetween(stamps[row - 1], stamps[row]);
            if (missing == 0) continue;
            gaps = missing > gaps.LongestMissing ? new(gaps.Count + 1, missing, row - 1) : gaps with { Count = gaps.Count + 1 };
        }

        return gaps;
    }
}
