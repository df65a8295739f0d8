using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlnetClip.Reports.Pictures;

/// <summary>The result of a search over a threshold: above, the loss with its spread over seeds; below, the share of clipped steps.</summary>
internal static class StudyPicture
{
    private static readonly OxyColor Blue = OxyColor.Parse("#1d4ed8"), Orange = OxyColor.Parse("#c2410c"), Red = OxyColor.Parse("#dc2626"), Gray = OxyColor.Parse("#888888");

    /// <exception cref="InvalidOperationException">More than a threshold was searched, or no clipped setting was trained to the end.</exception>
    public static PlotModel Of(ClippingStudyResult found)
    {
        CurvePoint[] tried = [.. found.Curve.Where(point => !point.IsNone)], points = [.. tried.Where(point => double.IsFinite(point.Mean) && point.Threshold is not null)];
        if (points.Length == 0 || tried.Any(point => point.Threshold is null))
            throw new InvalidOperationException("The study has no curve over a threshold: it searched more than a threshold, or trained no clipped setting to the end.");
        PlotModel model = Picture.Create("Validation loss over the threshold of clipping");
        model.Axes.Add(Picture.Named(new LogarithmicAxis { Position = AxisPosition.Bottom, MinimumPadding = 0.05, MaximumPadding = 0.05 }, "Threshold"));
        double[] edges = [.. points.Concat(found.Curve.Where(point => point.IsNone && double.IsFinite(point.Mean))).SelectMany(point => new[] { point.Mean - point.Spread, point.Mean + point.Spread })];
        double low = edges.Min(), high = edges.Max() > low ? edges.Max() : low + 1;
        Axis loss = Picture.Named(new LinearAxis { Position = AxisPosition.Left, StartPosition = 0.34, EndPosition = 1, Key = "loss", Minimum = low - (0.06 * (high - low)), Maximum = high + (0.06 * (high - low)) }, "Mean validation loss");
        Axis share = Picture.Named(new LinearAxis { Position = AxisPosition.Left, StartPosition = 0, EndPosition = 0.26, Key = "share", Minimum = 0, Maximum = 1, MajorStep = 0.5, StringFormat = "0%" }, "Steps clipped");
        model.Axes.Add(loss);
        model.Axes.Add(share);
        double[] plateau = [.. found.Plateau.Select(point => point.Threshold ?? double.PositiveInfinity).Where(double.IsFinite)];
        if (plateau.Length > 1)
        {
            model.Annotations.Add(new RectangleAnnotation
            {
                MinimumX = plateau.Min(), MaximumX = plateau.Max(), YAxisKey = "loss", Fill = OxyColor.FromAColor(40, Blue), Layer = AnnotationLayer.BelowSeries, Text = "equally good",
            });
        }

        if (found.Curve.FirstOrDefault(point => point.IsNone) is { } none && double.IsFinite(none.Mean))
        {
            var without = new LineSeries { Title = "without clipping", Color = Gray, LineStyle = LineStyle.Dash, YAxisKey = "loss" };
            without.Points.Add(new DataPoint(tried.Min(point => point.Threshold!.Value), none.Mean));
            without.Points.Add(new DataPoint(tried.Max(point => point.Threshold!.Value), none.Mean));
            model.Series.Add(without);
        }

        model.Series.Add(Errors("mean and spread over seeds", [.. points.Where(point => point.Losses.Count > 1)], Blue));
        model.Series.Add(Errors("one seed", [.. points.Where(point => point.Losses.Count == 1)], OxyColors.White));
        if (found.Conclusion.Recommended is { Threshold: { } threshold } recommended && double.IsFinite(threshold) && double.IsFinite(recommended.Mean))
        {
            var ring = new ScatterSeries { Title = "recommended", YAxisKey = "loss", MarkerType = MarkerType.Circle, MarkerSize = 8, MarkerFill = OxyColors.Transparent, MarkerStroke = Red, MarkerStrokeThickness = 2 };
            ring.Points.Add(new ScatterPoint(threshold, recommended.Mean));
            model.Series.Add(ring);
        }

        var shares = new LineSeries { Title = "share of steps clipped", Color = Orange, YAxisKey = "share", StrokeThickness = 2 };
        foreach (CurvePoint point in points) shares.Points.Add(new DataPoint(point.Threshold!.Value, point.ShareClipped));
        model.Series.Add(shares);
        return model;
    }

    private static ScatterErrorSeries Errors(string name, CurvePoint[] points, OxyColor fill)
    {
        var series = new ScatterErrorSeries
        {
            Title = points.Length == 0 ? null : name, YAxisKey = "loss", MarkerType = MarkerType.Circle, MarkerSize = 4.5, MarkerFill = fill, MarkerStroke = Blue, MarkerStrokeThickness = 1.5,
            ErrorBarColor = Blue, ErrorBarStrokeThickness = 1.5, ErrorBarStopWidth = 4,
        };
        foreach (CurvePoint point in points) series.Points.Add(new ScatterErrorPoint(point.Threshold!.Value, point.Mean, 0, 2 * point.Spread));
        return series;
    }
}
