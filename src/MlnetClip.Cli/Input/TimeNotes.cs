using MlnetClip.Cli.Input.Steps;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Input;

/// <summary>What is to be said about the time column of a series.</summary>
internal static class TimeNotes
{
    /// <summary>Warns of gaps in the column, with their number and the longest one; no warning without gaps.</summary>
    public static void WriteGaps(Terminal terminal, TimeSeries series)
    {
        if (series.Time is not { Gaps: { Count: > 0 } gaps, Step: { } step } time) return;
        string gap = gaps.Count == 1 ? "1 gap" : $"{Figures.Count(gaps.Count)} gaps";
        string rows = gaps.LongestMissing == 1 ? "1 row" : $"{Figures.Count(gaps.LongestMissing)} rows";
        terminal.Log(
            $"warning: '{SafeText.Of(time.Column)}' has {gap}: its usual step is {step.Describe()}, and the {(gaps.Count == 1 ? "gap" : "longest gap")}, after {SafeText.Of(time.Label(gaps.LongestAfter))}, lacks {rows}. "
            + "Rows are treated as equally far apart.\nHint: add a row with an empty value for each time that is missing.");
    }
}
