using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Sequences;

/// <summary>Labels that are keys, a class each.</summary>
/// <param name="classWeights">The class weights; null for equal weights.</param>
internal sealed class MulticlassTraining(ClassWeights? classWeights) : ClassTraining(classWeights)
{
    /// <summary>The largest number of classes: a float holds the number of each exactly.</summary>
    private const int MostClasses = 1 << 24;

    /// <inheritdoc/>
    public override ILoss Loss { get; } = new CrossEntropyLoss();

    /// <inheritdoc/>
    public override string LabelType => "Key<UInt32>";

    /// <inheritdoc/>
    public override string LabelHint(string column) => $"append Transforms.Conversion.MapValueToKey(\"{column}\") before the trainer.";

    /// <inheritdoc/>
    public override void CheckLabel(DataViewSchema.Column label)
    {
        ulong count = ((KeyDataViewType)label.Type).Count;
        if (count is < 2 or > MostClasses)
            throw new InvalidDataException($"Label column '{label.Name}' must have from 2 to {MostClasses} keys, one for each class, but has {count}.");
    }

    /// <inheritdoc/>
    public override Func<float> OpenLabels(DataViewRow row, DataViewSchema.Column label)
    {
        ValueGetter<uint> read = row.GetGetter<uint>(label);
        ulong count = ((KeyDataViewType)label.Type).Count;
        uint key = 0;
        return () =>
        {
            read(ref key);
            if (key == 0) throw Missing(label, "hold one of its keys", row.Position, "a missing key (0)", FilterHint(label));
            if (key > count) throw Missing(label, $"hold keys from 1 to {count}", row.Position, $"{key}", FilterHint(label));
            return key - 1;
        };
    }

    /// <inheritdoc/>
    public override SequenceTask Learn(SequenceStore store, ReadOnlySpan<int> training, DataViewSchema.Column label, SequenceTask? start)
    {
        int classes = (int)((KeyDataViewType)label.Type).Count;
        LabelKeys? keys = LabelKeys.Of(label);
        LearnClasses(store, training, label, classes, k => keys is null ? $"of key {k + 1}" : $"'{keys.Texts[k]}'");
        return new MulticlassTask(classes, keys);
    }

    /// <inheritdoc/>
    public override SequenceTask Promise(SchemaShape.Column label) =>
        new MulticlassTask(2, SchemaAccess.Annotation(label, AnnotationNames.KeyValues) is { } values ? LabelKeys.Promise(values.ItemType) : null);
}
