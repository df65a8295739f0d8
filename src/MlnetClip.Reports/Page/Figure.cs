using System.Collections;
using Plotly.NET;

namespace MlnetClip.Reports.Page;

/// <summary>A chart in the making: traces and a layout of Plotly. Numbers that are not finite are gaps.</summary>
internal sealed class Figure
{
    private readonly List<Trace> _traces = [];
    private readonly List<object> _shapes = [];
    private readonly Axis _x, _y;
    private int? _choice;

    /// <param name="xTitle">What the horizontal axis shows, with its unit.</param>
    /// <param name="yTitle">What the vertical axis shows, with its unit.</param>
    public Figure(string xTitle, string yTitle) => (_x, _y) = (new Axis(xTitle), new Axis(yTitle));

    /// <summary>Whether nothing was drawn.</summary>
    public bool IsEmpty => _traces.Count == 0;

    /// <summary>Whether the hover text belongs to the closest point rather than to all lines at a position.</summary>
    public bool HoverClosest { get; init; }

    /// <summary>A logarithmic vertical axis.</summary>
    public Figure LogY()
    {
        _y.SetLogarithmic(ticks: 4);
        return this;
    }

    /// <summary>A logarithmic horizontal axis.</summary>
    public Figure LogX()
    {
        _x.SetLogarithmic(ticks: 3);
        return this;
    }

    /// <summary>A vertical axis of shares as percentages from 0 to 1.</summary>
    public Figure PercentY()
    {
        _y.SetProperty("tickformat", ".0%");
        _y.SetProperty("rangemode", "tozero");
        return this;
    }

    /// <summary>A left margin that fits labels of any width. Measuring them takes a sixth of the time of drawing, so that charts with short labels do without.</summary>
    public Figure WideY()
    {
        _y.SetProperty("automargin", true);
        return this;
    }

    /// <summary>Sets a property of the horizontal axis.</summary>
    public Figure X(string property, object value)
    {
        _x.SetProperty(property, value);
        return this;
    }

    /// <summary>Sets a property of the vertical axis.</summary>
    public Figure Y(string property, object value)
    {
        _y.SetProperty(property, value);
        return this;
    }

    /// <summary>What is drawn from here on belongs to one of several series that a reader chooses from, see <see cref="ChartBlock.Choices"/>.</summary>
    public Figure Choice(int number)
    {
        _choice = number;
        return this;
    }

    /// <summary>A line; nothing where it has no value.</summary>
    public Figure Line(string name, ICollection x, double[] y, string color, double width = 1.6, string? dash = null, string? shape = null, bool markers = false, string? fill = null)
    {
        if (!Array.Exists(y, double.IsFinite)) return this;
        Trace line = Add("scatter", name, x, y);
        line.SetProperty("mode", markers ? "lines+markers" : "lines");
        line.SetProperty("line", Set(("color", color), ("width", width), ("dash", dash ?? "solid"), ("shape", shape ?? "linear")));
        if (markers) line.SetProperty("marker", Set(("size", 6), ("color", color)));
        if (fill is null) return this;
        line.SetProperty("fill", fill);
        line.SetProperty("fillcolor", Palette.Area(color));
        return this;
    }

    /// <summary>The area between two lines.</summary>
    public Figure Band(string name, ICollection x, double[] low, double[] high, string color)
    {
        if (!Array.Exists(low, double.IsFinite)) return this;
        foreach ((double[] edge, bool upper) in new[] { (low, false), (high, true) })
        {
            Trace line = Add("scatter", name, x, edge);
            line.SetProperty("mode", "lines");
            line.SetProperty("line", Set(("color", Palette.Area(color)), ("width", 0.5)));
            line.SetProperty("legendgroup", name);
            line.SetProperty("showlegend", upper);
            line.SetProperty("hoverinfo", "skip");
            if (!upper) continue;
            line.SetProperty("fill", "tonexty");
            line.SetProperty("fillcolor", Palette.Area(color));
        }

        return this;
    }

    /// <summary>Closed areas, separated by gaps.</summary>
    public Figure Areas(string name, ICollection x, double[] y, string color)
    {
        if (!Array.Exists(y, double.IsFinite)) return this;
        Trace area = Add("scatter", name, x, y);
        area.SetProperty("mode", "lines");
        area.SetProperty("line", Set(("width", 0)));
        area.SetProperty("fill", "toself");
        area.SetProperty("fillcolor", Palette.Area(color));
        area.SetProperty("hoverinfo", "skip");
        return this;
    }

    /// <summary>Single points.</summary>
    public Figure Marks(string name, ICollection x, double[] y, string color, string symbol = "circle", double size = 8, IReadOnlyList<string>? texts = null, double[]? errors = null)
    {
        if (!Array.Exists(y, double.IsFinite)) return this;
        Trace marks = Add("scatter", name, x, y);
        marks.SetProperty("mode", "markers");
        marks.SetProperty("marker", Set(("color", color), ("symbol", symbol), ("size", size)));
        if (texts is not null)
        {
            marks.SetProperty("text", texts);
            marks.SetProperty("hovertemplate", "%{text}<extra></extra>");
        }

        if (errors is not null) marks.SetProperty("error_y", Set(("type", "data"), ("array", Numbers(errors)), ("color", color), ("thickness", 1.2)));
        return this;
    }

    /// <summary>Bars.</summary>
    public Figure Bars(string name, ICollection x, double[] y, string color)
    {
        if (!Array.Exists(y, double.IsFinite)) return this;
        Trace bars = Add("bar", name, x, y);
        bars.SetProperty("marker", Set(("color", color)));
        return this;
    }

    /// <summary>A grid of colors.</summary>
    /// <param name="x">The columns.</param>
    /// <param name="y">The names of the rows.</param>
    /// <param name="colors">What the colors stand for, by row.</param>
    /// <param name="scaleTitle">What the color scale shows, with its unit.</param>
    /// <param name="scaleFormat">How its numbers are written.</param>
    /// <param name="texts">The text of each cell, which hovering shows, by row.</param>
    /// <param name="write">Whether the texts are written into the cells.</param>
    public Figure Grid(ICollection x, IReadOnlyList<string> y, double[][] colors, string scaleTitle, string scaleFormat, string[][] texts, bool write = false)
    {
        Trace grid = new("heatmap");
        grid.SetProperty("name", scaleTitle);
        grid.SetProperty("x", x);
        grid.SetProperty("y", y);
        grid.SetProperty("z", Array.ConvertAll(colors, Numbers));
        grid.SetProperty("text", texts);
        grid.SetProperty("hovertemplate", "%{y}, %{x}: %{text}<extra></extra>");
        if (write) grid.SetProperty("texttemplate", "%{text}");
        grid.SetProperty("colorscale", write ? "Blues" : "Viridis");
        if (write) grid.SetProperty("reversescale", true);
        grid.SetProperty("colorbar", Set(("title", Set(("text", scaleTitle), ("side", "right"))), ("tickformat", scaleFormat)));
        _y.SetProperty("autorange", "reversed");
        _y.SetStandoff();
        WideY();
        _traces.Add(grid);
        return this;
    }

    /// <summary>A line with a text at each point.</summary>
    public Figure Path(string name, ICollection x, double[] y, string color, IReadOnlyList<string> texts)
    {
        if (!Array.Exists(y, double.IsFinite)) return this;
        Line(name, x, y, color, width: 1.2);
        _traces[^1].SetProperty("text", texts);
        _traces[^1].SetProperty("hovertemplate", "%{text}<extra></extra>");
        return this;
    }

    /// <summary>Texts beside points, without a place in the legend.</summary>
    public Figure Texts(string name, ICollection x, double[] y, IReadOnlyList<string> texts)
    {
        Trace trace = Add("scatter", name, x, y);
        trace.SetProperty("mode", "markers+text");
        trace.SetProperty("marker", Set(("color", Palette.Gray), ("symbol", "line-ew-open"), ("size", 8)));
        trace.SetProperty("text", texts);
        trace.SetProperty("textposition", "middle right");
        trace.SetProperty("hoverinfo", "skip");
        trace.SetProperty("showlegend", false);
        return this;
    }

    /// <summary>A vertical line with a name.</summary>
    public Figure Vertical(string name, object x, string color) => Shape("line", name, color, ("x0", x), ("x1", x), ("yref", "paper"), ("y0", 0), ("y1", 1));

    /// <summary>A horizontal line with a name.</summary>
    public Figure Horizontal(string name, double y, string color) => Shape("line", name, color, ("y0", y), ("y1", y), ("xref", "paper"), ("x0", 0), ("x1", 1));

    /// <summary>A range of the horizontal axis with a name.</summary>
    public Figure Range(string name, double from, double to, string color) =>
        Shape("rect", name, color, ("x0", from), ("x1", to), ("yref", "paper"), ("y0", 0), ("y1", 1), ("fillcolor", Palette.Area(color)), ("layer", "below"));

    /// <summary>A range of the vertical axis with a name.</summary>
    public Figure Level(string name, double from, double to, string color) =>
        Shape("rect", name, color, ("y0", from), ("y1", to), ("xref", "paper"), ("x0", 0), ("x1", 1), ("fillcolor", Palette.Area(color)), ("layer", "below"));

    /// <summary>The chart as Plotly reads it.</summary>
    public string ToJson()
    {
        var layout = new Layout();
        layout.SetProperty("xaxis", _x.Properties);
        layout.SetProperty("yaxis", _y.Properties);
        layout.SetProperty("hovermode", HoverClosest ? "closest" : "x unified");
        if (_shapes.Count > 0) layout.SetProperty("shapes", _shapes);
        return GenericChart.toFigureJson(GenericChart.setLayout(layout, GenericChart.ofTraceObjects(false, Microsoft.FSharp.Collections.ListModule.OfSeq(_traces))));
    }

    private Figure Shape(string type, string name, string color, params ReadOnlySpan<(string, object)> position)
    {
        Properties shape = Set(position);
        shape.SetProperty("type", type);
        if (_choice is { } choice) shape.SetProperty("choice", choice);
        shape.SetProperty("name", name);
        shape.SetProperty("showlegend", true);
        shape.SetProperty("line", Set(("color", color), ("width", type == "rect" ? 0 : 1.4), ("dash", "dash")));
        _shapes.Add(shape);
        return this;
    }

    private Trace Add(string type, string name, ICollection x, double[] y)
    {
        var trace = new Trace(type);
        trace.SetProperty("name", name);
        if (_choice is { } choice) trace.SetProperty("choice", choice);
        trace.SetProperty("x", x is double[] numbers ? Numbers(numbers) : x);
        trace.SetProperty("y", Numbers(y));
        _traces.Add(trace);
        return trace;
    }

    private static double?[] Numbers(double[] values) => Array.ConvertAll(values, value => double.IsFinite(value) ? value : (double?)null);

    private static Properties Set(params ReadOnlySpan<(string Name, object Value)> properties)
    {
        var set = new Properties();
        foreach ((string name, object value) in properties) set.SetProperty(name, value);
        return set;
    }

    private sealed class Properties : DynamicObj.DynamicObj;

    private sealed class Axis
    {
        public Axis(string title) => Properties = Set(("title", Set(("text", title))));

        public DynamicObj.DynamicObj Properties { get; }

        public void SetProperty(string name, object value) => Properties.SetProperty(name, value);

        // Whole numbers: by default only powers of ten are, and between them there are single digits. With more ticks Plotly moves labels of horizontal axes away from their ticks.
        public void SetLogarithmic(int ticks)
        {
            SetProperty("type", "log");
            SetProperty("tickformat", "~g");
            SetProperty("nticks", ticks);
        }

        /// <summary>Keeps the title away from long labels.</summary>
        public void SetStandoff() => ((DynamicObj.DynamicObj)Properties.GetPropertyValue("title")).SetProperty("standoff", 12);
    }
}
