using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Sequences;

/// <summary>One class out of several for each sequence.</summary>
/// <param name="classes">Number of classes, 2 or more.</param>
/// <param name="keys">The values of their keys; null if the keys have no values.</param>
internal sealed class MulticlassTask(int classes, LabelKeys? keys) : KeyedTask(classes, keys)
{
    /// <summary>The kind of its score columns.</summary>
    public const string Name = "MulticlassClassification";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override DataViewSchema.DetachedColumn[] Columns(uint scoreColumnSet, int steps) =>
    [
        Column(AnnotationNames.Score, new VectorDataViewType(NumberDataViewType.Single, Outputs), scoreColumnSet, annotate: annotations =>
        {
            if (Keys is null) return;
            if (Keys.AreTexts) Keys.AddTo(annotations, AnnotationNames.SlotNames);
            Keys.AddTo(annotations, AnnotationNames.TrainingLabelValues);
        }),
        Predicted(KeyType, scoreColumnSet),
    ];

    /// <inheritdoc/>
    public override Delegate[] CreateGetters(RowOutputs outputs)
    {
        ValueGetter<VBuffer<float>> score = (ref VBuffer<float> destination) =>
        {
            var editor = VBufferEditor.Create(ref destination, Outputs);
            Softmax(outputs.Values, editor.Values);
            destination = editor.Commit();
        };
        ValueGetter<uint> label = (ref uint destination) => destination = Best(outputs.Values);
        return [score, label];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Meanings => ["the probability of each class", "the key of the most probable class, 0 where there is none"];

    /// <inheritdoc/>
    public override void WriteOnnx(OnnxGraph graph, string outputs, DataViewSchema.DetachedColumn[] columns)
    {
        graph.Column(columns[0].Name, columns[0].Type, "Softmax", [outputs], ("axis", 1L));
        graph.Column(columns[1].Name, columns[1].Type, "Cast", [WriteBest(graph, outputs, axis: 1, keepAxis: true)], ("to", typeof(uint)));
    }
}
