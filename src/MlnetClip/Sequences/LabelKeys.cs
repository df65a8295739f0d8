using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Sequences;

/// <summary>The values of a label's keys, of any type that Microsoft.ML creates keys from.</summary>
internal abstract class LabelKeys
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private static readonly Kind[] Kinds =
    [
        new Kind<ReadOnlyMemory<char>>(TextDataViewType.Instance, value => value.ToString(), text => text.AsMemory()),
        new Kind<bool>(BooleanDataViewType.Instance, value => value ? "true" : "false", bool.Parse),
        new Kind<sbyte>(NumberDataViewType.SByte, value => value.ToString(Invariant), text => sbyte.Parse(text, Invariant)),
        new Kind<byte>(NumberDataViewType.Byte, value => value.ToString(Invariant), text => byte.Parse(text, Invariant)),
        new Kind<short>(NumberDataViewType.Int16, value => value.ToString(Invariant), text => short.Parse(text, Invariant)),
        new Kind<ushort>(NumberDataViewType.UInt16, value => value.ToString(Invariant), text => ushort.Parse(text, Invariant)),
        new Kind<int>(NumberDataViewType.Int32, value => value.ToString(Invariant), text => int.Parse(text, Invariant)),
        new Kind<uint>(NumberDataViewType.UInt32, value => value.ToString(Invariant), text => uint.Parse(text, Invariant)),
        new Kind<long>(NumberDataViewType.Int64, value => value.ToString(Invariant), text => long.Parse(text, Invariant)),
        new Kind<ulong>(NumberDataViewType.UInt64, value => value.ToString(Invariant), text => ulong.Parse(text, Invariant)),
        new Kind<float>(NumberDataViewType.Single, value => value.ToString("R", Invariant), text => float.Parse(text, Invariant)),
        new Kind<double>(NumberDataViewType.Double, value => value.ToString("R", Invariant), text => double.Parse(text, Invariant)),
        new Kind<DateTime>(DateTimeDataViewType.Instance, value => value.ToString("O", Invariant), text => DateTime.Parse(text, Invariant, DateTimeStyles.RoundtripKind)),
        new Kind<DateTimeOffset>(DateTimeOffsetDataViewType.Instance, value => value.ToString("O", Invariant), text => DateTimeOffset.Parse(text, Invariant)),
        new Kind<TimeSpan>(TimeSpanDataViewType.Instance, value => value.ToString("c", Invariant), text => TimeSpan.Parse(text, Invariant)),
    ];

    private LabelKeys(PrimitiveDataViewType type, IReadOnlyList<string> texts) => (Type, Texts) = (type, texts);

    /// <summary>The type of the values.</summary>
    public PrimitiveDataViewType Type { get; }

    /// <summary>The values in text form; the first is that of key 1.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>Whether the values are texts, which name slots as they are.</summary>
    public bool AreTexts => Type is TextDataViewType;

    /// <summary>The values of a column's keys; null where it has none.</summary>
    /// <exception cref="NotSupportedException">The values are of a type that cannot be saved.</exception>
    public static LabelKeys? Of(DataViewSchema.Column column) => OfAny(column)
        ?? (TypeOf(column) is { } type ? throw new NotSupportedException($"The keys of label column '{column.Name}' have values of type {type}, which cannot be saved with a model.") : null);

    /// <summary>The values of a column's keys; null where it has none, or has values of a type that is not known.</summary>
    public static LabelKeys? OfAny(DataViewSchema.Column column) =>
        TypeOf(column) is { } type ? Kinds.FirstOrDefault(candidate => candidate.Type.Equals(type))?.Read(column) : null;

    /// <summary>The values from their text forms.</summary>
    /// <param name="type">The type's name as Microsoft.ML prints it.</param>
    /// <param name="texts">The text forms.</param>
    /// <exception cref="FormatException">There is no such type, or a text is not of it.</exception>
    public static LabelKeys Parse(string type, IReadOnlyList<string> texts)
    {
        Kind kind = Kinds.FirstOrDefault(candidate => candidate.Type.ToString() == type) ?? throw new FormatException($"There are no keys of type '{type}'.");
        return kind.Parse(texts);
    }

    /// <summary>Two placeholder values, for a column whose values are not known yet; null if keys cannot have the type.</summary>
    public static LabelKeys? Promise(DataViewType type) => Kinds.FirstOrDefault(candidate => candidate.Type.Equals(type))?.Promise();

    /// <summary>Adds the values as an annotation.</summary>
    public abstract void AddTo(DataViewSchema.Annotations.Builder builder, string annotation);

    /// <summary>Whether both have the same values in the same order.</summary>
    public static bool AreEqual(LabelKeys? first, LabelKeys? second) =>
        first is null || second is null ? ReferenceEquals(first, second) : first.Type.Equals(second.Type) && first.Texts.SequenceEqual(second.Texts);

    private static PrimitiveDataViewType? TypeOf(DataViewSchema.Column column) =>
        (column.Annotations.Schema.GetColumnOrNull(AnnotationNames.KeyValues)?.Type as VectorDataViewType)?.ItemType;

    private abstract class Kind(PrimitiveDataViewType type)
    {
        public PrimitiveDataViewType Type => type;

        public abstract LabelKeys Read(DataViewSchema.Column column);

        public abstract LabelKeys Parse(IReadOnlyList<string> texts);

        public abstract LabelKeys Promise();
    }

    private sealed class Kind<T>(PrimitiveDataViewType type, Func<T, string> print, Func<string, T> parse) : Kind(type)
    {
        public override LabelKeys Read(DataViewSchema.Column column)
        {
            VBuffer<T> values = default;
            column.GetKeyValues(ref values);
            T[] dense = [.. values.DenseValues()];
            return new ValuesOf<T>(Type, [.. dense.Select(print)], dense);
        }

        public override LabelKeys Parse(IReadOnlyList<string> texts) => new ValuesOf<T>(Type, texts, [.. texts.Select(parse)]);

        public override LabelKeys Promise() => new ValuesOf<T>(Type, ["", ""], new T[2]);
    }

    private sealed class ValuesOf<T>(PrimitiveDataViewType type, IReadOnlyList<string> texts, T[] values) : LabelKeys(type, texts)
    {
        public override void AddTo(DataViewSchema.Annotations.Builder builder, string annotation) => builder.Add(
            annotation, new VectorDataViewType(Type, values.Length), (ref VBuffer<T> destination) => new VBuffer<T>(values.Length, values).CopyTo(ref destination));
    }
}
