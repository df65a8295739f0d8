using MlnetClip.Cli.Input.Steps;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Input;

/// <summary>What is to be said about the time column of a file.</summary>
internal static class TimeNotes
{
    /// <summary>Warns of gaps in the column, with their number and the longest one; no warning without gaps.</summary>
    public static void WriteGaps(Terminal terminal, SeriesTable table)
    {
        TimeSeries[] with = [.. table.Series.Where(series => series.Time is { Gaps.Count: > 0 })];
        if (with.Length == 0) return;
        TimeSeries worst = with.MaxBy(series => series.Time!.Gaps.LongestMissing)!;
        (TimeAxis time, TimeGaps gaps, TimeStep step) = (worst.Time!, worst.Time!.Gaps, worst.Time!.Step!);
        string gap = gaps.Count == 1 ? "1 gap" : $"{Figures.Count(gaps.Count)} gaps";
        string rows = gaps.LongestMissing == 1 ? "1 row" : $"{Figures.Count(gaps.LongestMissing)} rows";
        string where = worst.Name is null ? "" : $" in series '{SafeText.Of(worst.Name)}'{(with.Length == 1 ? "" : $" (and {Figures.Count(with.Length - 1)} other series have gaps)")}";
        terminal.Log(
            $"warning: '{SafeText.Of(time.Column)}' has {gap}{where}: its usual step is {step.Describe()}, and the {(gaps.Count == 1 ? "gap" : "longest gap")}, after {SafeText.Of(time.Label(gaps.LongestAfter))}, lacks {rows}. "
            + "Rows are treated as equally far apart.\nHint: add a row with an empty value for each time that is missing.");
    }
}
