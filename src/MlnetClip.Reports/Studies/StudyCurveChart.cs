using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Studies;

/// <summary>The loss over the threshold, with the plateau and the noise between seeds.</summary>
internal static class StudyCurveChart
{
    private const string Id = "study-curve", Title = "Loss of each setting";

    public static ReportBlock Of(ClippingStudyResult result)
    {
        CurvePoint[] trained = [.. result.Curve.Where(point => point.Losses.Count > 0)];
        if (trained.Length == 0) return new MissingBlock(Title, "no setting was trained to the end.");
        bool isLine = trained.All(point => point.Threshold is not null);
        Figure figure = isLine ? new Figure("Threshold", "Loss") { HoverClosest = true }.LogX() : new Figure("Setting", "Loss") { HoverClosest = true }.X("type", "category").X("automargin", true);
        CurvePoint[] shown = isLine ? [.. trained.Where(point => !point.IsNone)] : [.. trained.OrderBy(point => point.Losses.Values.Average())];
        figure.WideY();
        object[] x = Array.ConvertAll(shown, point => X(point, isLine));
        figure.Marks(
            "single fits", shown.SelectMany(point => point.Losses.Values.Select(_ => X(point, isLine))).ToArray(), [.. shown.SelectMany(point => point.Losses.Values)], Palette.Gray, size: 5,
            texts: [.. shown.SelectMany(point => point.Losses.Select(loss => $"{StudySections.Name(point)}, seed {loss.Key}: {Words.Number(loss.Value)}"))]);
        if (isLine) figure.Line("mean over seeds", x, Means(shown), Palette.Blue, width: 1);
        figure.Marks(
            "mean and spread over seeds", x, Means(shown), Palette.Blue, size: 8, errors: Array.ConvertAll(shown, point => point.Spread), texts: Array.ConvertAll(shown, point => $"{point}"));
        CurvePoint[] diverged = [.. result.Curve.Where(point => point.Diverged && (!isLine || point.Threshold is { } threshold && double.IsFinite(threshold)))];
        double top = trained.SelectMany(point => point.Losses.Values).Max();
        figure.Marks("diverged", Array.ConvertAll(diverged, point => X(point, isLine)), Array.ConvertAll(diverged, _ => top), Palette.Red, "x", 10, Array.ConvertAll(diverged, point => $"{point}"));
        if (isLine) Lines(figure, result);
        return figure.IsEmpty ? new MissingBlock(Title, "no clipped setting was trained to the end.") : new ChartBlock(Id, Title, Text(result, isLine), figure);
    }

    private static void Lines(Figure figure, ClippingStudyResult result)
    {
        if (result.Curve.FirstOrDefault(point => point.IsNone) is { } none && double.IsFinite(none.Mean)) figure.Horizontal("without clipping", none.Mean, Palette.Purple);
        double[] plateau = [.. result.Plateau.Select(point => point.Threshold ?? double.PositiveInfinity).Where(double.IsFinite)];
        if (plateau.Length > 1) figure.Range("plateau: equally good", plateau.Min(), plateau.Max(), Palette.Green);
        if (result.Noise is { } noise && result.Best is { } best && double.IsFinite(best.Mean))
            figure.Level("may be chance", best.Mean, best.Mean + (noise.Resolution * Math.Abs(best.Mean)), Palette.Orange);
        if (result.Conclusion.Recommended?.Threshold is { } recommended && double.IsFinite(recommended)) figure.Vertical("recommended", recommended, Palette.Green);
    }

    private static string Text(ClippingStudyResult result, bool isLine) =>
        (isLine ? "The mean validation loss of each threshold, with its spread over seeds." : "The mean validation loss of each setting, with its spread over seeds, the best first.")
        + (isLine && result.Plateau.Count > 1 ? " The plateau is the best threshold and its neighbors that do as well." : "")
        + (isLine && result.Noise is not null ? " Losses within the band above the best one may differ by chance." : "")
        + (result.Noise is null ? " The noise between seeds is not known, so small differences may be chance." : "");

    private static double[] Means(CurvePoint[] points) => Array.ConvertAll(points, point => point.Losses.Count == 0 ? double.NaN : point.Losses.Values.Average());

    private static object X(CurvePoint point, bool isLine) => isLine ? point.Threshold! : StudySections.Name(point);
}
