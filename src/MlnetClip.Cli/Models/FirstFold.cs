using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Models;

/// <summary>Where the first fold of a backtest begins.</summary>
internal static class FirstFold
{
    /// <summary>For each series the number of rows before the fold, as <see cref="ForecastBacktestOptions"/> describes them.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="rows">For each series the number of rows that the backtest reads.</param>
    /// <param name="before">The number of rows of the longest series before the fold.</param>
    /// <param name="byTime">Whether all series are cut at the same time, not so many rows before their ends.</param>
    public static int[] Cuts(SeriesTable table, int[] rows, int before, bool byTime)
    {
        int longest = Array.IndexOf(rows, rows.Max());
        if (!byTime) return Array.ConvertAll(rows, count => Math.Max(0, count - (rows[longest] - before)));
        DateTime cut = table.Series[longest].Time!.Times[before];
        return [.. table.Series.Select((series, i) => series.Time!.Times.Take(rows[i]).Count(time => time < cut))];
    }
}
