using Microsoft.ML;

namespace MlnetClip.Sequences;

/// <summary>Labels that are true or false.</summary>
/// <param name="classWeights">What false and true count; null for 1 each.</param>
internal sealed class BinaryTraining(ClassWeights? classWeights) : TaskTraining
{
    /// <inheritdoc/>
    public override ILoss Loss { get; } = new BinaryCrossEntropyLoss();

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
