using MlnetClip.Reports.Page;
using MlnetClip.Search.Planning;

namespace MlnetClip.Reports.Studies;

/// <summary>The sections about a study.</summary>
internal static class StudySections
{
    public static IEnumerable<ReportSection> Of(ClippingStudyResult result)
    {
        yield return new ReportSection("The finding", [new TextBlock([.. Finding(result)]), new TableBlock("", [], [.. Rows(result)])]);
        yield return new ReportSection("Loss over the threshold", [StudyCurveChart.Of(result), Curve(result)]);
        yield return new ReportSection("Trials", [ParallelChart.Of(result), PruningChart.Of(result)]);
    }

    private static IEnumerable<string> Finding(ClippingStudyResult result)
    {
        yield return $"Recommended: {result.RecommendedSettings?.ToString() ?? "nothing"}.";
        yield return $"Finding: {result.VerdictText}.";
        if (result.Conclusion.RecommendationText is { Length: > 0 } reason) yield return $"Note: {reason}";
        if (result.Noise is { } noise)
        {
            yield return $"Noise: the loss of one fit varies by {Words.Share(noise.OfOneFit)} between seeds, over {Words.Count(noise.Settings, "setting")} and {Words.Count(noise.Seeds, "seed")}; "
                + $"a difference between two settings below {Words.Share(noise.Resolution)} may be chance.";
        }
        else
        {
            yield return "Noise: cannot be told, because fewer than two settings were trained with the same two seeds or more.";
        }

        if (result.TimeIsUp) yield return "The time ran out before the study was finished. It can be resumed.";
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(ClippingStudyResult result)
    {
        yield return ["Trials", $"{Words.Count(result.Trials.Count)}: {string.Join(", ", result.Trials.CountBy(trial => trial.State).Select(state => $"{state.Value} {state.Key.ToString().ToLowerInvariant()}"))}"];
        if (result.Resumed > 0) yield return ["Resumed", Words.Count(result.Resumed, "trial") + " were finished before"];
        yield return ["Steps", Words.Count(result.Steps)];
        yield return ["Seconds", Words.Number(result.Seconds)];
        if (result.Unclipped is { Steps: > 0 } unclipped)
            yield return ["Norm without clipping", $"{Words.Number(unclipped.Quantiles[50])} (median), {Words.Number(unclipped.Max)} (largest) over {Words.Count(unclipped.Steps, "step")}{(unclipped.Diverged ? "; training diverged" : "")}"];
    }

    private static TableBlock Curve(ClippingStudyResult result) => new(
        "Settings", ["setting", "mean loss", "spread", "seeds", "steps clipped"],
        [
            .. result.Curve.Select(point => new[]
            {
                Name(point), point.Diverged ? "diverged" : point.Failed ? "failed" : double.IsFinite(point.Mean) ? Words.Number(point.Mean) : "stopped early",
                point.Losses.Count < 2 ? "–" : Words.Number(point.Spread), $"{point.Seeds}", Words.Share(point.ShareClipped),
            }),
        ]);

    /// <summary>A setting with what else is searched.</summary>
    internal static string Name(CurvePoint point)
    {
        string others = string.Join(", ", point.Point.Values.Where(value => value.Parameter is ClippingSpace.LearningRate or ClippingSpace.BatchSize).Select(value => $"{value}"));
        return $"{point.Clipping}{(others.Length == 0 ? "" : $" ({others})")}";
    }
}
