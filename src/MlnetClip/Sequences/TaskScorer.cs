using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.MLNetInternals;
using MlnetClip.Scoring;

namespace MlnetClip.Sequences;

/// <summary>A trained model as a map from a row's sequence to its scores: one scorer for every task.</summary>
/// <param name="model">The trained model.</param>
/// <param name="inputColumnName">The column of sequences.</param>
/// <param name="inputSchema">The columns of the rows.</param>
internal sealed class TaskScorer(LstmModelParameters model, string inputColumnName, DataViewSchema inputSchema) : IRowScorer
{
    /// <inheritdoc/>
    public string InputColumnName => inputColumnName;

    /// <inheritdoc/>
    public DataViewSchema.DetachedColumn[] OutputColumns { get; } = model.Task.Columns(
        SchemaAccess.NextScoreColumnSet(inputSchema), ((VectorDataViewType)inputSchema[inputColumnName].Type).Size / model.Input.PerStep);

    /// <inheritdoc/>
    public void WriteOnnx(OnnxGraph graph)
    {
        graph.CheckOperatorSet(nameof(LstmPredictionTransformer));
        SequenceInput input = model.Input;
        string sequences = graph.Node("Reshape", [graph.Column(inputColumnName), graph.Integers("shape", 0, -1, input.PerStep)]); // [N, T, F]
        string? lengths = graph.Lengths(inputColumnName, inputSchema[inputColumnName].Type);
        string? padding = lengths is null ? null : NetworkGraph.Padding(graph, sequences, lengths);
        var network = new NetworkGraph(graph, model.Network, lengths);
        string outputs;
        if (input.HasKeys)
        {
            outputs = network.Write(null, graph.Node("Cast", [sequences], ("to", typeof(long))));
        }
        else
        {
            if (padding is not null) sequences = graph.Node("Where", [padding, graph.Constant("zero", [0f], 1), sequences]);
            string gaps = graph.Node("ReduceSum", [graph.Node("Sub", [sequences, sequences])], ("axes", new long[] { 1, 2 })); // 0, or NaN where a value is not finite
            if (!model.Task.EveryStep) gaps = graph.Node("Squeeze", [gaps], ("axes", new long[] { 2 }));
            outputs = graph.Node("Add", [network.Write(model.Scaler.WriteOnnx(graph, sequences), null), gaps]);
        }

        if (padding is not null && model.Task.EveryStep) outputs = graph.Node("Where", [padding, graph.Constant("missing", [float.NaN], 1), outputs]);
        model.Task.WriteOnnx(graph, outputs, OutputColumns);
    }

    /// <inheritdoc/>
    public Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> isActive, out Action? disposer)
    {
        disposer = null;
        var getters = new Delegate?[OutputColumns.Length];
        if (!Enumerable.Range(0, getters.Length).Any(isActive)) return getters;
        var outputs = new RowOutputs(model, input, input.Schema[inputColumnName]);
        disposer = outputs.Dispose;
        Delegate[] all = model.Task.CreateGetters(outputs);
        for (int i = 0; i < getters.Length; i++) getters[i] = isActive(i) ? all[i] : null;
        return getters;
    }
}
