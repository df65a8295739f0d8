namespace MlnetClip.Reports.Evaluation;

/// <summary>Which series of many a report draws: all of a few, otherwise those with the largest and the smallest errors.</summary>
/// <param name="Numbers">Their numbers in the order of the data, or by decreasing error.</param>
/// <param name="Text">Which they are, as a sentence; empty where they are all.</param>
internal sealed record ShownSeries(IReadOnlyList<int> Numbers, string Text)
{
    /// <summary>The largest number of series in a chart.</summary>
    public const int Most = 12;

    private const int MostBest = 4;

    /// <summary>The error of the model relative to that of the last value: below 1 is better than the naive forecast. NaN without a forecast.</summary>
    public static double RelativeError(ForecastScores scores) => scores.Model.Mae / scores.LastValue.Mae;

    /// <summary>The series that are shown.</summary>
    /// <param name="series">The scores of all series; empty for a single one without a name.</param>
    public static ShownSeries Of(IReadOnlyList<ForecastScores> series)
    {
        if (series.Count <= Most) return new ShownSeries([.. Enumerable.Range(0, Math.Max(1, series.Count))], "");
        int[] sorted = ByError(series);
        int[] shown = [.. sorted[..(Most - MostBest)], .. sorted[^MostBest..]];
        return new ShownSeries(
            shown, $" {Most} of {Words.Count(series.Count)} series are shown: the {Most - MostBest} with the largest errors relative to those of the last value, and the {MostBest} with the smallest.");
    }

    /// <summary>The numbers of the series by decreasing relative error; those without a forecast are left out where others suffice.</summary>
    public static int[] ByError(IReadOnlyList<ForecastScores> series)
    {
        int[] all = [.. Enumerable.Range(0, series.Count)], known = [.. all.Where(i => !double.IsNaN(RelativeError(series[i])))];
        return [.. (known.Length >= Most ? known : all).OrderByDescending(i => RelativeError(series[i]))];
    }
}
