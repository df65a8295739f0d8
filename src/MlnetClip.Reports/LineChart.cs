using System.Globalization;
using MlnetClip.Checkpoints;
using MlnetClip.Reports.Pictures;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlnetClip;

/// <summary>A line chart as an SVG picture, for documents: axes with names, lines that break where a value is missing, a legend.</summary>
/// <param name="title">Above the chart.</param>
/// <param name="xTitle">What the horizontal axis shows, with its unit.</param>
/// <param name="yTitle">What the vertical axis shows, with its unit.</param>
public sealed class LineChart(string title, string xTitle, string yTitle)
{
    private readonly List<LineSeries> _lines = [];

    /// <summary>Whether the vertical axis is logarithmic; values of 0 and below are missing then. Default: false.</summary>
    public bool LogarithmicY { get; init; }

    /// <summary>Writes the label of a horizontal position. Default: null for the number.</summary>
    public Func<double, string>? XLabel { get; init; }

    /// <summary>Adds a line; it breaks where a value is not finite.</summary>
    /// <param name="name">The name in the legend.</param>
    /// <param name="color">The color, as <c>#1d4ed8</c>.</param>
    /// <param name="points">The points by increasing X.</param>
    /// <param name="dashed">Whether the line is dashed.</param>
    /// <returns>The chart.</returns>
    /// <exception cref="FormatException"><paramref name="color"/> is not a color.</exception>
    public LineChart Line(string name, string color, IEnumerable<(double X, double Y)> points, bool dashed = false)
    {
        ArgumentNullException.ThrowIfNull(points);
        var line = new LineSeries { Title = name, Color = OxyColor.Parse(color), StrokeThickness = 1.5, LineStyle = dashed ? LineStyle.Dash : LineStyle.Solid };
        foreach ((double x, double y) in points) line.Points.Add(double.IsFinite(y) && (!LogarithmicY || y > 0) ? new DataPoint(x, y) : DataPoint.Undefined);
        _lines.Add(line);
        return this;
    }

    /// <summary>Writes the picture; a file that exists is replaced once it is complete.</summary>
    /// <param name="path">The SVG file; its folder must exist.</param>
    /// <exception cref="IOException">The folder is missing, or the file cannot be written.</exception>
    public void Save(string path)
    {
        PlotModel model = Picture.Create(title);
        Axis x = Picture.Named(new LinearAxis { Position = AxisPosition.Bottom, LabelFormatter = XLabel is { } label ? value => label(Math.Clamp(value, Low, High)) : value => value.ToString("#,0.###", CultureInfo.InvariantCulture) }, xTitle);
        model.Axes.Add(x);
        model.Axes.Add(Picture.Named(LogarithmicY ? new LogarithmicAxis { Position = AxisPosition.Left } : new LinearAxis { Position = AxisPosition.Left }, yTitle));
        foreach (LineSeries line in _lines) model.Series.Add(line);
        AtomicFile.Write(path, stream => Picture.Write(model, stream, 960, 420));
    }

    // The axis may ask for the label of a position beside the data.
    private double Low => _lines.SelectMany(line => line.Points).Where(point => point.IsDefined()).Min(point => point.X);

    private double High => _lines.SelectMany(line => line.Points).Where(point => point.IsDefined()).Max(point => point.X);
}
