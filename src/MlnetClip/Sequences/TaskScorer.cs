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
    public string OnnxProblem =>
        $"An LSTM over the sequences of column '{inputColumnName}' cannot be part of an ONNX model yet.{Environment.NewLine}"
        + "Hint: save the model with MLContext.Model.Save, or export only the steps before it.";

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
