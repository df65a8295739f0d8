using MlnetClip.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Onnx.Forecasting;

/// <summary>A target's window in the network's unit, and what converts the values that follow it.</summary>
/// <param name="History">The values in the data's unit, double [N, W + lag].</param>
/// <param name="Values">The scaled values, float [N, W].</param>
/// <param name="Origin">What was subtracted, double [N, 1] or [1, 1].</param>
/// <param name="Scale">The divisor, double [N, 1] or [1, 1].</param>
internal sealed record ScaledTarget(string History, string Values, string Origin, string Scale)
{
    /// <summary>Writes what <see cref="SeriesScaler.ToNetwork"/> computes, in double precision too.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="series">The constants of the series.</param>
    /// <param name="history">The value with the history.</param>
    /// <param name="k">The target.</param>
    public static ScaledTarget Write(OnnxGraph graph, SeriesConstants series, string history, int k)
    {
        SeriesScaler kind = series.Encoder.Pooled[k];
        WindowLayout layout = series.Encoder.Layout;
        string scale = series.Value("scale", own => own[k].Scale), origin = graph.Constant("origin", [0d], 1, 1), values = history;
        switch (kind.Scaling)
        {
            case SeriesScaling.RelativeToLast:
                origin = Rows(graph, history, layout.History - 1, layout.History);
                break;
            case SeriesScaling.Standardize:
                origin = series.Value("mean", own => own[k].Mean);
                break;
            case SeriesScaling.Robust:
                (values, origin) = Robust(graph, history, scale, layout.WindowSize);
                break;
            case SeriesScaling.PerWindow:
                origin = Mean(graph, history);
                string centered = graph.Node("Sub", [history, origin]);
                string deviation = graph.Node("Sqrt", [Mean(graph, graph.Node("Mul", [centered, centered]))]);
                scale = graph.Node("Max", [deviation, graph.Node("Mul", [scale, graph.Constant("smallest", [SeriesScaler.SmallestDeviation], 1, 1)])]);
                break;
            case SeriesScaling.SeasonalDifference:
                values = graph.Node("Sub", [Rows(graph, history, layout.Lag, layout.History), Rows(graph, history, 0, layout.WindowSize)]);
                break;
        }

        string scaled = graph.Node("Div", [graph.Node("Sub", [values, origin]), scale]);
        return new(history, graph.Node("Cast", [scaled], ("to", typeof(float))), origin, scale);
    }

    /// <summary>Rows [from, to) of a value [N, T].</summary>
    public static string Rows(OnnxGraph graph, string value, int from, int to) =>
        graph.Node("Slice", [value, graph.Integers("from", from), graph.Integers("to", to), graph.Integers("axis", 1)]);

    private static string Mean(OnnxGraph graph, string value) => graph.Node("ReduceMean", [value], ("axes", new long[] { 1 }));

    /// <summary>Replaces extreme values by the last usual one before them, or by the median, and finds the median of the result.</summary>
    private static (string Values, string Median) Robust(OnnxGraph graph, string window, string scale, int W)
    {
        string median = Median(graph, window, W);
        string distance = graph.Node("Abs", [graph.Node("Sub", [window, median])]);
        string extreme = graph.Node("Greater", [distance, graph.Node("Mul", [scale, graph.Constant("limit", [Deviations.Limit], 1, 1)])]);

        // The number of the last usual row up to each row: the largest in the lower triangle of a square; -1 for none.
        string steps = graph.Node("Reshape", [graph.Integers("steps", [.. Enumerable.Range(0, W).Select(t => (long)t)]), graph.Integers("shape", 1, W)]);
        string none = graph.Integers("none", -1);
        string usual = graph.Node("Unsqueeze", [graph.Node("Where", [extreme, none, steps])], ("axes", new long[] { 1 })); // [N, 1, W]
        string lower = graph.Node("LessOrEqual", [steps, graph.Node("Reshape", [steps, graph.Integers("shape", W, 1)])]); // [W, W]
        string last = graph.Node("ReduceMax", [graph.Node("Where", [lower, usual, none])], ("axes", new long[] { 2 }), ("keepdims", 0L)); // [N, W]
        string isNone = graph.Node("Less", [last, graph.Integers("zero", 0)]);
        string found = graph.Node("GatherElements", [window, graph.Node("Where", [isNone, graph.Integers("zero", 0), last])], ("axis", 1L));
        string filled = graph.Node("Where", [isNone, median, found]);
        return (filled, Median(graph, filled, W));
    }

    private static string Median(OnnxGraph graph, string window, int W)
    {
        (string sorted, _) = graph.Node("TopK", [window, graph.Integers("count", W)], true, true, ("axis", 1L), ("largest", 0L), ("sorted", 1L));
        string upper = Rows(graph, sorted, W / 2, (W / 2) + 1);
        if (W % 2 == 1) return upper;
        string lower = Rows(graph, sorted, (W / 2) - 1, W / 2);
        return graph.Node("Add", [lower, graph.Node("Div", [graph.Node("Sub", [upper, lower]), graph.Constant("two", [2d], 1, 1)])]);
    }
}
