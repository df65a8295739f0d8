using Microsoft.ML;

namespace MlnetClip.Sequences;

/// <summary>Labels that are keys, a class each.</summary>
/// <param name="classWeights">The class weights; null for equal weights.</param>
/// <param name="labelSmoothing">The share of each target that is spread over the classes.</param>
internal sealed class MulticlassTraining(ClassWeights? classWeights, float labelSmoothing) : TaskTraining
{
    /// <inheritdoc/>
    public override ILoss Loss { get; } = new CrossEntropyLoss(labelSmoothing);

    /// <inheritdoc/>
    public override string LabelType => "Key<UInt32>";

    /// <inheritdoc/>
    public override string LabelHint(string column) => $"append Transforms.Conversion.MapValueToKey(\"{column}\") before the trainer.";

    /// <inheritdoc/>
    public override void CheckLabel(DataViewSchema.Column label) => KeyLabels.Check(label);

    /// <inheritdoc/>
    public override Action<int> OpenLabels(DataViewRow row, DataViewSchema.Column label, RowTargets targets)
    {
        ValueGetter<uint> read = row.GetGetter<uint>(label);
        ulong count = KeyLabels.Count(label.Type);
        uint key = 0;
        return _ =>
        {
            read(ref key);
            if (key == 0) throw Missing(label, "hold one of its keys", row.Position, "a missing key (0)", FilterHint(label));
            if (key > count) throw Missing(label, $"hold keys from 1 to {count}", row.Position, $"{key}", FilterHint(label));
            targets.Set(key - 1);
        };
    }

    /// <inheritdoc/>
    public override LabelLearner Begin(DataViewSchema.Column label, SequenceTask? start) =>
        KeyLabels.Begin(label, classWeights, "training rows", (classes, keys) => new MulticlassTask(classes, keys));

    /// <inheritdoc/>
    public override SequenceTask Promise(SchemaShape.Column label) => new MulticlassTask(2, KeyLabels.Promise(label));
}
