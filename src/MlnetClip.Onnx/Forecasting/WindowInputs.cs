using MlnetClip.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Onnx.Forecasting;

/// <summary>
/// The inputs of a forecaster's ONNX model: one for each column, with the values of its rows, oldest first. Where a kind of covariates has a column of vectors, the whole kind is one
/// input with its channels side by side, because the model knows only their number.
/// </summary>
internal sealed class WindowInputs
{
    private WindowInputs(string[] targets, string[] past, string[] future, string[] calendar, string[] statics, string? group) =>
        (Targets, Past, Future, Calendar, Static, Group) = (targets, past, future, calendar, statics, group);

    /// <summary>The history of each target, double [N, W + lag].</summary>
    public string[] Targets { get; }

    /// <summary>Past covariates, a channel each, double [N, W].</summary>
    public string[] Past { get; }

    /// <summary>Future covariates, a channel each, double [N, W + H].</summary>
    public string[] Future { get; }

    /// <summary>Calendar channels of the times, double [N, T].</summary>
    public string[] Calendar { get; }

    /// <summary>Static covariates, a channel each, double [N, 1].</summary>
    public string[] Static { get; }

    /// <summary>The name of the series, string [N, 1]; null without a group column.</summary>
    public string? Group { get; }

    /// <summary>Declares the inputs.</summary>
    public static WindowInputs Declare(OnnxGraph graph, LstmForecastingTransformer forecaster)
    {
        WindowLayout layout = forecaster.Model.Layout;
        string ahead = layout.FutureRows > 0 ? $"last {layout.WindowSize} rows and the {layout.Horizon} rows of the horizon" : $"last {layout.WindowSize} rows";
        string[] targets = [.. forecaster.TargetColumnNames.Select(name => graph.Input(name, typeof(double), $"the target in the last {layout.History} rows, oldest first", layout.History))];
        string[] past = Channels(graph, "PastCovariates", forecaster.PastCovariateColumnNames, layout.Past, $"in the last {layout.WindowSize} rows, oldest first", layout.WindowSize);
        string[] future = Channels(graph, "FutureCovariates", forecaster.FutureCovariateColumnNames, layout.Future, $"in the {ahead}, oldest first", layout.TimeSteps);
        string[] calendar = [];
        if (layout.Calendar > 0)
        {
            string times = graph.Input(forecaster.TimeColumnName!, typeof(long), $"the times of the {ahead}, oldest first, in milliseconds since 1970-01-01 00:00", layout.TimeSteps);
            calendar = new CalendarGraph(graph).Write(forecaster.Calendar, times);
        }

        string[] statics = forecaster.StaticCovariateColumnNames.Count == layout.Static
            ? [.. forecaster.StaticCovariateColumnNames.Select(name => graph.Input(name, typeof(double), "the static covariate of the series", 1))]
            : SplitColumns(graph, graph.Input("StaticCovariates", typeof(double), $"the values of {Names(forecaster.StaticCovariateColumnNames)}", layout.Static), layout.Static);
        string? group = forecaster.GroupColumnName is { } name ? graph.Input(name, typeof(string), "the name of the series", 1) : null;
        return new(targets, past, future, calendar, statics, group);
    }

    private static string[] Channels(OnnxGraph graph, string kind, IReadOnlyList<string> columns, int channels, string where, int rows) => columns.Count == channels
        ? [.. columns.Select(name => graph.Input(name, typeof(double), $"the covariate {where}", rows))]
        : Split(graph, graph.Input(kind, typeof(double), $"the values of {Names(columns)} {where}", rows, channels), channels);

    private static string Names(IReadOnlyList<string> columns) => string.Join(", ", columns);

    /// <summary>The channels of a value [N, T, C].</summary>
    private static string[] Split(OnnxGraph graph, string input, int channels) =>
        [.. Enumerable.Range(0, channels).Select(i => graph.Node("Gather", [input, graph.Scalar("channel", i)], ("axis", 2L)))];

    /// <summary>The columns of a value [N, C], [N, 1] each.</summary>
    private static string[] SplitColumns(OnnxGraph graph, string input, int columns) =>
        [.. Enumerable.Range(0, columns).Select(i => graph.Node("Gather", [input, graph.Integers("column", i)], ("axis", 1L)))];
}
