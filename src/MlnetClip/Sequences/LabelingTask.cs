using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Sequences;

/// <summary>One class out of several for each time step: the scores are [T, K], the predicted keys [T].</summary>
/// <param name="classes">K: number of classes, 2 or more.</param>
/// <param name="keys">The values of their keys; null if the keys have no values.</param>
internal sealed class LabelingTask(int classes, LabelKeys? keys) : KeyedTask(classes, keys)
{
    /// <summary>The kind of its score columns.</summary>
    public const string Name = "SequenceClassification";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override bool EveryStep => true;

    /// <inheritdoc/>
    public override DataViewSchema.DetachedColumn[] Columns(uint scoreColumnSet, int steps) =>
    [
        Column(AnnotationNames.Score, new VectorDataViewType(NumberDataViewType.Single, steps, Outputs), scoreColumnSet,
            annotate: annotations => Keys?.AddTo(annotations, AnnotationNames.TrainingLabelValues)),
        Predicted(new VectorDataViewType(KeyType, steps), scoreColumnSet),
    ];

    /// <inheritdoc/>
    public override Delegate[] CreateGetters(RowOutputs outputs)
    {
        int K = Outputs;
        ValueGetter<VBuffer<float>> score = (ref VBuffer<float> destination) =>
        {
            ReadOnlySpan<float> values = outputs.Values;
            var editor = VBufferEditor.Create(ref destination, values.Length);
            for (int start = 0; start < values.Length; start += K) Softmax(values.Slice(start, K), editor.Values.Slice(start, K));
            destination = editor.Commit();
        };
        ValueGetter<VBuffer<uint>> label = (ref VBuffer<uint> destination) =>
        {
            ReadOnlySpan<float> values = outputs.Values;
            var editor = VBufferEditor.Create(ref destination, values.Length / K);
            for (int t = 0; t < editor.Values.Length; t++) editor.Values[t] = Best(values.Slice(t * K, K));
            destination = editor.Commit();
        };
        return [score, label];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Meanings => ["the probability of each class at each time step", "the key of the most probable class at each time step, 0 where there is none"];

    /// <inheritdoc/>
    public override void WriteOnnx(OnnxGraph graph, string outputs, DataViewSchema.DetachedColumn[] columns)
    {
        // Microsoft.ML's converter gives vectors whose size varies two axes, and those of known size one for each dimension.
        string scores = graph.Node("Softmax", [outputs], ("axis", 2L));
        string shape = ((VectorDataViewType)columns[0].Type).IsKnownSize ? graph.Integers("shape", 0, 0, Outputs) : graph.Integers("shape", 0, -1);
        graph.Column(columns[0].Name, columns[0].Type, "Reshape", [scores, shape]);
        graph.Column(columns[1].Name, columns[1].Type, "Cast", [WriteBest(graph, outputs, axis: 2, keepAxis: false)], ("to", typeof(uint)));
    }
}
