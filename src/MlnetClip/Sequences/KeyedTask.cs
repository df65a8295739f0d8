using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Sequences;

/// <summary>Classes with their keys: the head has an output for each, and the scores are their softmax.</summary>
/// <param name="classes">Number of classes, 2 or more.</param>
/// <param name="keys">The values of their keys; null if the keys have no values.</param>
internal abstract class KeyedTask(int classes, LabelKeys? keys) : SequenceTask
{
    /// <inheritdoc/>
    public override int Outputs => classes;

    /// <summary>The values of the keys of the classes; null if the keys have no values.</summary>
    public LabelKeys? Keys => keys;

    /// <summary>The type of a predicted label.</summary>
    protected KeyDataViewType KeyType { get; } = new(typeof(uint), classes);

    /// <inheritdoc/>
    public override bool CanStartFrom(SequenceTask other) =>
        other is KeyedTask task && task.GetType() == GetType() && task.Outputs == classes && LabelKeys.AreEqual(task.Keys, keys);

    /// <summary>The column of predicted keys.</summary>
    protected DataViewSchema.DetachedColumn Predicted(DataViewType type, uint scoreColumnSet) =>
        Column(AnnotationNames.PredictedLabel, type, scoreColumnSet, annotate: annotations => keys?.AddTo(annotations, AnnotationNames.KeyValues));

    /// <summary>The key of the largest output, the first of equal ones; 0, a missing key, if they are NaN.</summary>
    protected static uint Best(ReadOnlySpan<float> outputs)
    {
        int best = 0;
        for (int k = 1; k < outputs.Length; k++)
            if (outputs[k] > outputs[best]) best = k;
        return float.IsNaN(outputs[best]) ? 0 : (uint)best + 1;
    }

    /// <summary>Writes the keys of the largest outputs along an axis, as <see cref="Best"/> finds them; the value is of type int64.</summary>
    protected static string WriteBest(OnnxGraph graph, string outputs, long axis, bool keepAxis)
    {
        (string, object)[] reduced = [("axis", axis), ("keepdims", keepAxis ? 1L : 0L)];
        string best = graph.Node("Add", [graph.Node("ArgMax", [outputs], reduced), graph.Scalar("first key", 1)]);
        string sum = graph.Node("ReduceSum", [outputs], ("axes", new long[] { axis }), reduced[1]);
        return graph.Node("Where", [graph.Node("IsNaN", [sum]), graph.Scalar("missing", 0), best]);
    }

    /// <summary>The probabilities of the classes.</summary>
    protected static void Softmax(ReadOnlySpan<float> outputs, Span<float> probabilities)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (float output in outputs) largest = Math.Max(largest, output);
        foreach (float output in outputs) sum += Math.Exp(output - largest);
        for (int k = 0; k < outputs.Length; k++) probabilities[k] = (float)(Math.Exp(outputs[k] - largest) / sum);
    }
}
