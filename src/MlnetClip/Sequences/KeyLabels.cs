using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Sequences;

/// <summary>The common part of labels that are keys, one for each sequence or for each time step.</summary>
internal static class KeyLabels
{
    /// <summary>The largest number of classes: a float holds the number of each exactly.</summary>
    private const int MostClasses = 1 << 24;

    /// <summary>Whether a type is that of keys, or of vectors of keys.</summary>
    public static bool IsKey(DataViewType type) => ((type as VectorDataViewType)?.ItemType ?? type) is KeyDataViewType;

    /// <summary>The number of classes of a column of keys, or of vectors of keys.</summary>
    public static ulong Count(DataViewType type) => ((KeyDataViewType)((type as VectorDataViewType)?.ItemType ?? type)).Count;

    /// <summary>Throws when there are too few or too many keys.</summary>
    public static void Check(DataViewSchema.Column label)
    {
        ulong count = Count(label.Type);
        if (count is < 2 or > MostClasses)
            throw new InvalidDataException($"Label column '{label.Name}' must have from 2 to {MostClasses} keys, one for each class, but has {count}.");
    }

    /// <summary>Whether a key stands for the same value in two columns of keys, as far as they say: keys without values are compared by their number.</summary>
    public static bool AreSame(DataViewSchema.Column first, DataViewSchema.Column second) =>
        Count(first.Type) == Count(second.Type) && (LabelKeys.OfAny(first) is not { } ones || LabelKeys.OfAny(second) is not { } others || LabelKeys.AreEqual(ones, others));

    /// <summary>Starts learning from labels.</summary>
    /// <param name="label">The label column.</param>
    /// <param name="weights">The class weights; null for equal weights.</param>
    /// <param name="unit">What has a label, in the plural.</param>
    /// <param name="task">The task of so many classes with such keys.</param>
    public static LabelLearner Begin(DataViewSchema.Column label, ClassWeights? weights, string unit, Func<int, LabelKeys?, SequenceTask> task)
    {
        int classes = (int)Count(label.Type);
        LabelKeys? keys = LabelKeys.Of(label);
        return new ClassLearner(label.Name, classes, weights, unit, k => keys is null ? $"of key {k + 1}" : $"'{keys.Texts[k]}'", task(classes, keys));
    }

    /// <summary>Keys like those of a column that is not known yet; null where it has none.</summary>
    public static LabelKeys? Promise(SchemaShape.Column label) =>
        SchemaAccess.Annotation(label, AnnotationNames.KeyValues) is { } values ? LabelKeys.Promise(values.ItemType) : null;
}
