using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Sequences;

/// <summary>What a trained model predicts: from the head's outputs to the columns that Microsoft.ML's evaluators read. Immutable.</summary>
internal abstract class SequenceTask
{
    /// <summary>The kind of the score columns, for example <c>Regression</c>; it names the task in model files too.</summary>
    public abstract string Kind { get; }

    /// <summary>Outputs of the head.</summary>
    public abstract int Outputs { get; }

    /// <summary>Whether every time step is predicted, and not the sequence.</summary>
    public virtual bool EveryStep => false;

    /// <summary>The columns that are added.</summary>
    /// <param name="scoreColumnSet">The number of their set in the annotations.</param>
    /// <param name="steps">Time steps of every sequence; 0 where they vary.</param>
    public abstract DataViewSchema.DetachedColumn[] Columns(uint scoreColumnSet, int steps);

    /// <summary>A getter for each column of <see cref="Columns"/>, over the head's outputs for the current row.</summary>
    public abstract Delegate[] CreateGetters(RowOutputs outputs);

    /// <summary>What the columns hold, in words: one text for each.</summary>
    public abstract IReadOnlyList<string> Meanings { get; }

    /// <summary>Writes the columns into an ONNX model.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="outputs">The value with the head's outputs, [N, O], or [N, T, O] where every step is predicted; NaN where a sequence cannot be predicted.</param>
    /// <param name="columns">The columns, as <see cref="Columns"/> gave them.</param>
    public abstract void WriteOnnx(OnnxGraph graph, string outputs, DataViewSchema.DetachedColumn[] columns);

    /// <summary>The numbers besides the weights that a prediction depends on.</summary>
    public virtual ReadOnlySpan<double> Numbers => [];

    /// <summary>Whether a model of another fit predicts the same thing, so that training can start from it.</summary>
    public abstract bool CanStartFrom(SequenceTask other);

    /// <summary>A column of scores, as Microsoft.ML's scorers annotate them.</summary>
    protected DataViewSchema.DetachedColumn Column(
        string name, DataViewType type, uint scoreColumnSet, string? valueKind = null, Action<DataViewSchema.Annotations.Builder>? annotate = null)
    {
        string kind = Kind, value = valueKind ?? name;
        var annotations = new DataViewSchema.Annotations.Builder();
        annotate?.Invoke(annotations);
        annotations.Add(AnnotationNames.ScoreColumnSetId, new KeyDataViewType(typeof(uint), int.MaxValue), (ref uint number) => number = scoreColumnSet);
        annotations.Add(AnnotationNames.ScoreColumnKind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> text) => text = kind.AsMemory());
        annotations.Add(AnnotationNames.ScoreValueKind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> text) => text = value.AsMemory());
        return new(name, type, annotations.ToAnnotations());
    }
}
