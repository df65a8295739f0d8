using System.Globalization;
using System.Text;

namespace Samples;

/// <summary>A line chart as SVG: named axes with round ticks, lines that break where a value is missing, a legend.</summary>
/// <param name="title">Above the chart.</param>
/// <param name="xTitle">What the horizontal axis shows, with its unit.</param>
/// <param name="yTitle">What the vertical axis shows, with its unit.</param>
/// <param name="logarithmic">Whether the vertical axis counts in powers of ten.</param>
internal sealed class SvgChart(string title, string xTitle, string yTitle, bool logarithmic = false)
{
    private const int Width = 960, Height = 420, Left = 76, Right = 20, Top = 56, Bottom = 56;

    private readonly List<(string Name, string Color, bool Dashed, IReadOnlyList<(double X, double Y)> Points)> _lines = [];

    /// <summary>Writes the label of a horizontal position.</summary>
    public Func<double, string> XLabel { get; init; } = x => x.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Adds a line; it breaks where a value is not finite.</summary>
    public SvgChart Line(string name, string color, IEnumerable<(double X, double Y)> points, bool dashed = false)
    {
        _lines.Add((name, color, dashed, [.. points.Select(p => (p.X, logarithmic ? Math.Log10(p.Y) : p.Y))]));
        return this;
    }

    /// <summary>Writes the file.</summary>
    public void Save(string path)
    {
        var points = _lines.SelectMany(line => line.Points).Where(p => double.IsFinite(p.Y)).ToArray();
        (double minX, double maxX) = (points.Min(p => p.X), points.Max(p => p.X));
        (double minY, double maxY) = (points.Min(p => p.Y), points.Max(p => p.Y));
        double X(double x) => Left + ((x - minX) / (maxX - minX) * (Width - Left - Right));
        double Y(double y) => Height - Bottom - ((y - minY) / (maxY - minY) * (Height - Top - Bottom));

        var svg = new StringBuilder();
        svg.AppendLine(Text($"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {Width} {Height}' font-family='sans-serif' font-size='13'>"));
        svg.AppendLine("<rect width='100%' height='100%' fill='white'/>");
        svg.AppendLine(Text($"<text x='{Left}' y='24' font-size='16' font-weight='bold'>{title}</text>"));
        foreach (double y in Ticks(minY, maxY))
        {
            string label = (logarithmic ? Math.Pow(10, y) : y).ToString("G4", CultureInfo.InvariantCulture);
            svg.AppendLine(Text($"<path d='M{Left} {Y(y):F1}H{Width - Right}' stroke='#ddd'/><text x='{Left - 8}' y='{Y(y) + 4:F1}' text-anchor='end'>{label}</text>"));
        }

        foreach (double x in Ticks(minX, maxX))
            svg.AppendLine(Text($"<text x='{X(x):F1}' y='{Height - 32}' text-anchor='middle'>{XLabel(x)}</text>"));
        svg.AppendLine(Text($"<text x='{(Left + Width - Right) / 2}' y='{Height - 8}' text-anchor='middle' fill='#555'>{xTitle}</text>"));
        svg.AppendLine(Text($"<text transform='translate(16 {(Top + Height - Bottom) / 2}) rotate(-90)' text-anchor='middle' fill='#555'>{yTitle}</text>"));
        double legend = Left;
        foreach (var (name, color, dashed, line) in _lines)
        {
            string dash = dashed ? " stroke-dasharray='6 4'" : "";
            svg.AppendLine(Text($"<path d='{Path(line, X, Y)}' fill='none' stroke='{color}' stroke-width='1.5'{dash}/>"));
            svg.AppendLine(Text($"<path d='M{legend:F0} 40h20' stroke='{color}' stroke-width='3'{dash}/><text x='{legend + 26:F0}' y='44'>{name}</text>"));
            legend += 46 + (7.2 * name.Length);
        }

        File.WriteAllText(path, svg.AppendLine("</svg>").ToString());
    }

    private static string Path(IReadOnlyList<(double X, double Y)> line, Func<double, double> x, Func<double, double> y)
    {
        var path = new StringBuilder();
        bool drawing = false;
        foreach (var point in line)
        {
            if (double.IsFinite(point.Y)) path.Append(Text($"{(drawing ? 'L' : 'M')}{x(point.X):F1} {y(point.Y):F1}"));
            drawing = double.IsFinite(point.Y);
        }

        return path.ToString();
    }

    /// <summary>About six round numbers in a range.</summary>
    internal static IEnumerable<double> Ticks(double low, double high)
    {
        double rough = (high - low) / 6, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * (rough / power > 5 ? 10 : rough / power > 2 ? 5 : rough / power > 1 ? 2 : 1);
        for (double tick = Math.Ceiling(low / step) * step; tick <= high; tick += step) yield return Math.Round(tick / step) * step;
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
