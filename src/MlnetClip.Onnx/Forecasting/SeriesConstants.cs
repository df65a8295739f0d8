using MlnetClip.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Onnx.Forecasting;

/// <summary>Constants that differ by series: a row of a table for each, and one more for a series that was not seen in training.</summary>
internal sealed class SeriesConstants
{
    private readonly OnnxGraph _graph;
    private readonly string? _row;

    /// <param name="graph">The model.</param>
    /// <param name="encoder">The scaling.</param>
    /// <param name="group">The input with the name of the series; null for a single series.</param>
    public SeriesConstants(OnnxGraph graph, WindowEncoder encoder, string? group)
    {
        (_graph, Encoder) = (graph, encoder);
        if (group is null) return;
        long count = encoder.Groups.Count;
        string number = graph.Node("LabelEncoder", [group], ("keys_strings", encoder.Groups.ToArray()),
            ("values_int64s", Enumerable.Range(0, (int)count).Select(n => (long)n).ToArray()), ("default_int64", count));
        _row = graph.Node("Squeeze", [number], ("axes", new long[] { 1 }));
        IsUnseen = graph.Node("Equal", [number, graph.Integers("unseen", count)]);
    }

    /// <summary>The scaling.</summary>
    public WindowEncoder Encoder { get; }

    /// <summary>Whether the series was not seen in training, Boolean [N, 1]; null for a single series.</summary>
    public string? IsUnseen { get; }

    /// <summary>A number of the scaling of the series, double [N, 1] or [1, 1].</summary>
    public string Value(string name, Func<SeriesScaler[], double> select) => Value(name, [.. Encoder.Scalers.Select(select)], select(Encoder.Pooled));

    /// <summary>A number of the series, double [N, 1] or [1, 1].</summary>
    /// <param name="name">Its name.</param>
    /// <param name="own">Those of the series of training.</param>
    /// <param name="pooled">That of another series.</param>
    public string Value(string name, double[] own, double pooled)
    {
        if (_row is null) return _graph.Constant(name, [own[0]], 1, 1);
        string table = _graph.Constant(name, [.. own, pooled], own.Length + 1);
        return _graph.Node("Unsqueeze", [_graph.Node("Gather", [table, _row])], ("axes", new long[] { 1 }));
    }
}
