using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Sequences;

/// <summary>True or false: the score is the logarithm of the odds of true, the probability its sigmoid.</summary>
internal sealed class BinaryTask : SequenceTask
{
    /// <summary>The kind of its score columns.</summary>
    public const string Name = "BinaryClassification";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override int Outputs => 1;

    /// <inheritdoc/>
    public override bool CanStartFrom(SequenceTask other) => other is BinaryTask;

    /// <inheritdoc/>
    public override DataViewSchema.DetachedColumn[] Columns(uint scoreColumnSet, int steps) =>
    [
        Column(AnnotationNames.Score, NumberDataViewType.Single, scoreColumnSet),
        Column(AnnotationNames.Probability, NumberDataViewType.Single, scoreColumnSet,
            annotate: annotations => annotations.Add(AnnotationNames.IsNormalized, BooleanDataViewType.Instance, (ref bool value) => value = true)),
        Column(AnnotationNames.PredictedLabel, BooleanDataViewType.Instance, scoreColumnSet),
    ];

    /// <inheritdoc/>
    public override Delegate[] CreateGetters(RowOutputs outputs)
    {
        ValueGetter<float> score = (ref float destination) => destination = outputs.Values[0];
        ValueGetter<float> probability = (ref float destination) => destination = Sigmoid(outputs.Values[0]);
        ValueGetter<bool> label = (ref bool destination) => destination = outputs.Values[0] > 0;
        return [score, probability, label];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Meanings => ["the logarithm of the odds of true", "the probability of true", "whether true is more probable than false"];

    /// <inheritdoc/>
    public override void WriteOnnx(OnnxGraph graph, string outputs, DataViewSchema.DetachedColumn[] columns)
    {
        graph.Column(columns[0].Name, columns[0].Type, "Identity", [outputs]);
        graph.Column(columns[1].Name, columns[1].Type, "Sigmoid", [outputs]);
        graph.Column(columns[2].Name, columns[2].Type, "Greater", [outputs, graph.Constant("even odds", [0f], 1)]);
    }

    private static float Sigmoid(double output) => (float)(1 / (1 + Math.Exp(-output)));
}
