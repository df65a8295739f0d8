using Microsoft.ML;

namespace MlnetClip.Sequences;

/// <summary>Labels that are true or false.</summary>
/// <param name="classWeights">What false and true count; null for 1 each.</param>
internal sealed class BinaryTraining(ClassWeights? classWeights) : ClassTraining(classWeights)
{
    /// <inheritdoc/>
    public override ILoss Loss { get; } = new BinaryCrossEntropyLoss();

    /// <inheritdoc/>
    public override string LabelType => "Boolean";

    /// <inheritdoc/>
    public override string LabelHint(string column) => $"append Transforms.Conversion.ConvertType(\"{column}\", outputKind: DataKind.Boolean) before the trainer.";

    /// <inheritdoc/>
    public override Func<float> OpenLabels(DataViewRow row, DataViewSchema.Column label)
    {
        ValueGetter<bool> read = row.GetGetter<bool>(label);
        bool value = false;
        return () =>
        {
            read(ref value);
            return value ? 1f : 0f;
        };
    }

    /// <inheritdoc/>
    public override SequenceTask Learn(SequenceStore store, ReadOnlySpan<int> training, DataViewSchema.Column label, SequenceTask? start)
    {
        LearnClasses(store, training, label, 2, k => k == 1 ? "true" : "false");
        return new BinaryTask();
    }

    /// <inheritdoc/>
    public override SequenceTask Promise(SchemaShape.Column label) => new BinaryTask();
}
