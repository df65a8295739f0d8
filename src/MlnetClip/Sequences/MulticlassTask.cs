using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Sequences;

/// <summary>One class out of several: the head has an output for each, and the scores are their softmax.</summary>
/// <param name="classes">Number of classes, 2 or more.</param>
/// <param name="keys">The values of their keys; null if the keys have no values.</param>
internal sealed class MulticlassTask(int classes, LabelKeys? keys) : SequenceTask
{
    /// <summary>The kind of its score columns.</summary>
    public const string Name = "MulticlassClassification";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override int Outputs => classes;

    /// <summary>The values of the keys of the classes; null if the keys have no values.</summary>
    public LabelKeys? Keys => keys;

    /// <inheritdoc/>
    public override bool CanStartFrom(SequenceTask other) =>
        other is MulticlassTask task && task.Outputs == classes && LabelKeys.AreEqual(task.Keys, keys);

    /// <inheritdoc/>
    public override DataViewSchema.DetachedColumn[] Columns(uint scoreColumnSet) =>
    [
        Column(AnnotationNames.Score, new VectorDataViewType(NumberDataViewType.Single, classes), scoreColumnSet, annotate: annotations =>
        {
            if (keys is null) return;
            if (keys.AreTexts) keys.AddTo(annotations, AnnotationNames.SlotNames);
            keys.AddTo(annotations, AnnotationNames.TrainingLabelValues);
        }),
        Column(AnnotationNames.PredictedLabel, new KeyDataViewType(typeof(uint), classes), scoreColumnSet,
            annotate: annotations => keys?.AddTo(annotations, AnnotationNames.KeyValues)),
    ];

    /// <inheritdoc/>
    public override Delegate[] CreateGetters(RowOutputs outputs)
    {
        ValueGetter<VBuffer<float>> score = (ref VBuffer<float> destination) =>
        {
            var editor = VBufferEditor.Create(ref destination, classes);
            Softmax(outputs.Values, editor.Values);
            destination = editor.Commit();
        };
        ValueGetter<uint> label = (ref uint destination) => destination = Best(outputs.Values);
        return [score, label];
    }

    /// <summary>The key of the largest output, the first of equal ones; 0, a missing key, where they are NaN.</summary>
    private static uint Best(ReadOnlySpan<float> outputs)
    {
        int best = 0;
        for (int k = 1; k < outputs.Length; k++)
            if (outputs[k] > outputs[best]) best = k;
        return float.IsNaN(outputs[best]) ? 0 : (uint)best + 1;
    }

    private static void Softmax(ReadOnlySpan<float> outputs, Span<float> probabilities)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (float output in outputs) largest = Math.Max(largest, output);
        foreach (float output in outputs) sum += Math.Exp(output - largest);
        for (int k = 0; k < outputs.Length; k++) probabilities[k] = (float)(Math.Exp(outputs[k] - largest) / sum);
    }
}
