using Microsoft.ML;
using Microsoft.ML.Data;

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

    private static float Sigmoid(double output) => (float)(1 / (1 + Math.Exp(-output)));
}
