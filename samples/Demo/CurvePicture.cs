using System.Globalization;
using System.Text;
using MlnetClip;
using Samples;

namespace Demo;

/// <summary>Draws the result of a search as SVG: above, the loss over the threshold with its spread over seeds; below, the share of steps clipped.</summary>
internal static class CurvePicture
{
    private const int Width = 960, Height = 520, Left = 70, Right = 24, LossTop = 64, LossBottom = 330, ShareTop = 372, ShareBottom = 470;

    public static void Draw(string path, ClippingStudyResult found)
    {
        CurvePoint[] tried = [.. found.Curve.Where(point => !point.IsNone)], points = [.. tried.Where(point => double.IsFinite(point.Mean))];
        CurvePoint none = found.Curve[^1];
        double left = Math.Log10(tried[0].Threshold!.Value) - 0.1, right = Math.Log10(tried[^1].Threshold!.Value) + 0.1;
        double low = points.Append(none).Min(point => point.Mean - point.Spread), high = points.Append(none).Max(point => point.Mean + point.Spread);
        double X(double threshold) => Left + ((Math.Log10(threshold) - left) / (right - left) * (Width - Left - Right));
        double Y(double loss) => LossBottom - ((loss - low) / (high - low) * (LossBottom - LossTop - 16));
        double S(double share) => ShareBottom - (share * (ShareBottom - ShareTop));

        var svg = new StringBuilder();
        void Add(FormattableString text) => svg.AppendLine(FormattableString.Invariant(text));
        Add($"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {Width} {Height}' font-family='sans-serif' font-size='13'>");
        Add($"<rect width='100%' height='100%' fill='white'/>");
        Add($"<text x='{Left}' y='24' font-size='16' font-weight='bold'>Validation loss over the threshold of clipping by global norm</text>");
        Add($"<text x='{Left}' y='46' fill='#555'>bars: spread over seeds; hollow: one seed; ticks: stopped early; shaded: equally good; dashed: no clipping; ring: recommended</text>");
        if (found.Plateau is [{ Threshold: > 0 and < double.PositiveInfinity } first, .., { Threshold: { } last }])
            Add($"<rect x='{X(first.Threshold!.Value):F1}' y='{LossTop}' width='{X(last) - X(first.Threshold!.Value):F1}' height='{LossBottom - LossTop}' fill='#dbeafe'/>");
        foreach (double loss in SvgChart.Ticks(low, high))
            Add($"<path d='M{Left} {Y(loss):F1}H{Width - Right}' stroke='#ddd'/><text x='{Left - 8}' y='{Y(loss) + 4:F1}' text-anchor='end'>{loss.ToString("G3", CultureInfo.InvariantCulture)}</text>");

        foreach (double share in new[] { 0, 0.5, 1 })
            Add($"<path d='M{Left} {S(share):F1}H{Width - Right}' stroke='#ddd'/><text x='{Left - 8}' y='{S(share) + 4:F1}' text-anchor='end'>{share.ToString("0%", CultureInfo.InvariantCulture)}</text>");
        foreach (double tick in Ticks(left, right)) Add($"<text x='{X(tick):F1}' y='{Height - 32}' text-anchor='middle'>{tick.ToString("G2", CultureInfo.InvariantCulture)}</text>");
        Add($"<text x='{Left}' y='{ShareTop - 14}' fill='#555'>share of steps clipped</text>");
        Add($"<text x='{Left}' y='{LossTop}' fill='#555'>mean validation loss, in scaled units squared</text>");
        Add($"<text x='{(Left + Width - Right) / 2}' y='{Height - 8}' text-anchor='middle' fill='#555'>threshold: largest global norm, logarithmic</text>");
        Add($"<path d='M{Left} {Y(none.Mean):F1}H{Width - Right}' stroke='#888' stroke-dasharray='6 4'/>");
        foreach (CurvePoint point in tried.Except(points)) Add($"<path d='M{X(point.Threshold!.Value):F1} {LossBottom}v-10' stroke='#888' stroke-width='2'/>");
        foreach (CurvePoint point in points)
        {
            double x = X(point.Threshold!.Value);
            if (point.Losses.Count > 1) Add($"<path d='M{x:F1} {Y(point.Mean - point.Spread):F1}V{Y(point.Mean + point.Spread):F1}' stroke='#1d4ed8' stroke-width='2'/>");
            Add($"<circle cx='{x:F1}' cy='{Y(point.Mean):F1}' r='4.5' fill='{(point.Losses.Count > 1 ? "#1d4ed8" : "white")}' stroke='#1d4ed8'/>");
            if (point == found.Conclusion.Recommended) Add($"<circle cx='{x:F1}' cy='{Y(point.Mean):F1}' r='10' fill='none' stroke='#dc2626' stroke-width='2'/>");
        }

        string shares = string.Join('L', points.Select(point => FormattableString.Invariant($"{X(point.Threshold!.Value):F1} {S(point.ShareClipped):F1}")));
        Add($"<path d='M{shares}' fill='none' stroke='#c2410c' stroke-width='2'/>");
        Add($"</svg>");
        File.WriteAllText(path, svg.ToString());
    }

    /// <summary>1, 2 and 5 of every power of ten in the range.</summary>
    private static IEnumerable<double> Ticks(double left, double right) =>
        from power in Enumerable.Range((int)Math.Floor(left), (int)Math.Ceiling(right - left) + 2)
        from digit in new[] { 1, 2, 5 }
        let tick = digit * Math.Pow(10, power)
        where Math.Log10(tick) >= left && Math.Log10(tick) <= right
        select tick;
}
