using Microsoft.ML;

namespace MlnetClip.Sequences;

/// <summary>Labels that are true or false.</summary>
/// <param name="classWeights">What false and true count; null for 1 each.</param>
/// <param name="labelSmoothing">The share of each target that is spread over the classes.</param>
internal sealed class BinaryTraining(ClassWeights? classWeights, float labelSmoothing) : TaskTraining
{
    /// <inheritdoc/>
    public override ILoss Loss { get; } = new BinaryCrossEntropyLoss(labelSmoothing);

    /// <inheritdoc/>
    public override string LabelType => "Boolean";

    /// <inheritdoc/>
    public override string LabelHint(string column) => $"append Transforms.Conversion.ConvertType(\"{column}\", outputKind: DataKind.Boolean) before the trainer.";

    /// <inheritdoc/>
    public override Action<int> OpenLabels(DataViewRow row, DataViewSchema.Column label, RowTargets targets)
    {
        ValueGetter<bool> read = row.GetGetter<bool>(label);
        bool value = false;
        return _ =>
        {
            read(ref value);
            targets.Set(value ? 1 : 0);
        };
    }

    /// <inheritdoc/>
    public override LabelLearner Begin(DataViewSchema.Column label, SequenceTask? start) =>
        new ClassLearner(label.Name, 2, classWeights, "training rows", k => k == 1 ? "true" : "false", new BinaryTask());

    /// <inheritdoc/>
    public override SequenceTask Promise(SchemaShape.Column label) => new BinaryTask();
}
