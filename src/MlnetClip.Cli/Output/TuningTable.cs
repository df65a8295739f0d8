using MlnetClip.Search.Conclusions;
using Spectre.Console;

namespace MlnetClip.Cli.Output;

/// <summary>The result of <c>tune</c> as text: every setting with its loss and the effect of clipping, and the conclusion.</summary>
internal static class TuningTable
{
    public static void Write(IAnsiConsole console, ClippingStudyResult found, SearchedSettings settings)
    {
        StudyConclusion conclusion = found.Conclusion;
        var table = new Table().RoundedBorder().Title(settings.SearchesMore ? "Validation loss by setting" : "Validation loss by clipping");
        table.AddColumn(settings.Columns[0]);
        foreach (string column in settings.Columns[1..].Concat(["loss", "± seeds", "seeds", "clipped", ""])) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (CurvePoint point in found.Curve)
        {
            string role = Role(point, conclusion);
            string[] cells =
            [
                .. settings.Cells(point.Point),
                point.Diverged ? "diverged" : point.Failed ? "failed" : point.Losses.Count == 0 ? "stopped early" : Figures.Number(point.Mean),
                point.Losses.Count < 2 ? "" : Figures.Number(point.Spread),
                point.Seeds == 0 ? "" : $"{point.Seeds}",
                double.IsNaN(point.ShareClipped) ? "" : Figures.Share(point.ShareClipped),
                role,
            ];
            table.AddRow(cells.Select(cell => new Markup(Markup.Escape(cell), Style.Parse(role == "recommended" ? "bold green" : "default"))));
        }

        console.Write(table);
        console.MarkupLineInterpolated($"[bold]{char.ToUpperInvariant(found.VerdictText[0])}{found.VerdictText[1..]}.[/]");
        if (found.RecommendedSettings is { } recommended)
            console.MarkupLineInterpolated($"Recommended: [bold green]{settings.Typed(recommended)}[/], after {Figures.Count(found.Steps)} training steps.");
        else
            console.MarkupLineInterpolated($"Nothing is recommended, after {Figures.Count(found.Steps)} training steps. The model is the one of the best setting so far, {settings.Typed(found.ModelSettings!)}.");
        if (conclusion.RecommendationText.Length > 0) console.WriteLine(conclusion.RecommendationText);
        if (settings.SearchesMore)
            console.WriteLine($"Without clipping only {settings.Typed(SearchPoint.Empty)} was tried, so the verdict is not about clipping alone.");
        if (found.Noise is { Resolution: > Concluder.Tolerance } noise)
        {
            console.WriteLine(
                $"Fits differ by {Figures.Share(noise.OfOneFit)} from seed to seed, so with {noise.Seeds} seeds a difference below {Figures.Share(noise.Resolution)} may be chance.");
            if (noise.Resolution > Concluder.Noisy) console.WriteLine($"Hint: {settings.SmallerRate} or --schedule cosine makes fits less noisy; with more --seeds, smaller differences are significant.");
        }

        if (Hint(conclusion) is { } hint) console.WriteLine($"Hint: {hint}");
        if (found.TimeIsUp) console.MarkupLine("The time ran out before the search was finished.");
    }

    private static string Role(CurvePoint point, StudyConclusion conclusion) =>
        point == conclusion.Recommended ? "recommended"
        : point == conclusion.Best ? conclusion.Recommended is null ? "best so far" : "lowest loss"
        : conclusion.Plateau.Contains(point) ? "as good" : "";

    /// <summary>How to get a verdict next time; null if there is one, or if the way is unknown.</summary>
    private static string? Hint(StudyConclusion conclusion) => conclusion.Reason switch
    {
        CannotTellReason.TooFewSeeds => "at least 8 --trials and 2 --seeds are needed to compare settings on two seeds.",
        CannotTellReason.TimeIsUp => "use a longer --time-budget, or with --study run the same command again.",
        _ => null,
    };
}
