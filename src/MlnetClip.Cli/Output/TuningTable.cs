using MlnetClip.Search;
using MlnetClip.Search.Conclusions;
using MlnetClip.Search.Spaces;
using Spectre.Console;

namespace MlnetClip.Cli.Output;

/// <summary>The result of <c>tune</c> for people: every setting with its loss and what it did, and what follows from it.</summary>
internal static class TuningTable
{
    public static void Write(IAnsiConsole console, ClippingStudyResult found, SearchedSettings settings)
    {
        string typed = settings.Typed(found.RecommendedSettings!);
        var table = new Table().RoundedBorder().Title(settings.SearchesMore ? "Validation loss by setting" : "Validation loss by clipping");
        table.AddColumn(settings.Columns[0]);
        foreach (string column in settings.Columns[1..].Concat(["loss", "± seeds", "seeds", "clipped", ""])) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (CurvePoint point in found.Curve)
        {
            bool recommended = settings.Typed(point.Point) == typed;
            string[] cells =
            [
                .. settings.Cells(point.Point),
                point.Diverged > 0 ? "diverged" : point.Failures > 0 ? "failed" : point.Losses.Count == 0 ? "stopped early" : Figures.Number(point.Mean),
                point.Losses.Count < 2 ? "" : Figures.Number(point.Spread),
                point.Losses.Count == 0 ? "" : $"{point.Losses.Count}",
                double.IsNaN(point.ShareClipped) ? "" : Figures.Share(point.ShareClipped),
                recommended ? "recommended" : point == found.Best ? "least loss" : found.Plateau.Contains(point) ? "as good" : "",
            ];
            table.AddRow(cells.Select(cell => new Markup(Markup.Escape(cell), Style.Parse(recommended ? "bold green" : "default"))));
        }

        console.Write(table);
        console.MarkupLineInterpolated($"[bold]{char.ToUpperInvariant(found.VerdictText[0])}{found.VerdictText[1..]}.[/]");
        console.MarkupLineInterpolated($"Recommended: [bold green]{typed}[/], after {Figures.Count(found.Steps)} training steps.");
        if (settings.SearchesMore)
            console.WriteLine($"Without clipping only {settings.Typed(SearchPoint.Empty)} was tried, so the verdict is not about clipping alone.");
        if (found.Noise is { Resolution: > Concluder.Tolerance } noise)
        {
            console.WriteLine(
                $"Fits differ by {Figures.Share(noise.OfOneFit)} from seed to seed, so with {noise.Seeds} seeds a difference below {Figures.Share(noise.Resolution)} is as likely luck.");
            if (noise.Resolution > Concluder.Noisy) console.WriteLine($"Hint: {settings.SmallerRate} or --schedule cosine makes fits less noisy; more --seeds tell more apart.");
        }

        if (found.TimeIsUp) console.MarkupLine("The time was over before the search was done.");
    }
}
