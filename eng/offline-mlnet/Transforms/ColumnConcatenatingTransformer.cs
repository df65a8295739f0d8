using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ColumnConcatenatingTransformer), null, typeof(SignatureLoadModel), "Concat Transform", ColumnConcatenatingTransformer.Signature)]

namespace Microsoft.ML.Data;

/// <summary>Joins columns of the same item type into one vector.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string Signature = "ConcatTransform";
    private const string Format = "CONCAT F";
    private const string SlotNames = "SlotNames";

    private readonly string _output;
    private readonly string[] _inputs;

    internal ColumnConcatenatingTransformer(string output, string[] inputs)
    {
        _output = output;
        _inputs = inputs;
    }

    private static ColumnConcatenatingTransformer Create(ModelLoadContext ctx) =>
        LoadNames(ctx, Format, Signature) is [string output, .. string[] inputs] ? new(output, inputs) : throw new FormatException();

    private protected override ColumnMap Bind(DataViewSchema inputSchema)
    {
        DataViewSchema.Column[] inputs = [.. _inputs.Select(name => Input(inputSchema, name))];
        PrimitiveDataViewType itemType = ItemType(inputs[0]);
        foreach (DataViewSchema.Column input in inputs)
        {
            if (!ItemType(input).Equals(itemType))
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input.Name, itemType.ToString(), input.Type.ToString());
        }

        OutputColumn output = inputs is [{ Type: VectorDataViewType } single]
            ? new(new(_output, single.Type, single.Annotations), [single.Index])
            : new(new(_output, new VectorDataViewType(itemType, SizeOf(inputs)), AnnotationsOf(inputs)), [.. inputs.Select(c => c.Index)],
                row => (Delegate)Cursors.Generic(typeof(ColumnConcatenatingTransformer), nameof(MakeGetter), itemType.RawType, row, inputs));
        return new(inputSchema, [.. inputSchema.Select(OutputColumn.Of), output]);
    }

    private protected override void SaveModel(ModelSaveContext ctx) => SaveNames(ctx, Format, Signature, [_output, .. _inputs]);

    private static PrimitiveDataViewType ItemType(DataViewSchema.Column column) =>
        (column.Type as VectorDataViewType)?.ItemType ?? (PrimitiveDataViewType)column.Type;

    private static int SizeOf(DataViewSchema.Column column) => (column.Type as VectorDataViewType)?.Size ?? 1;

    // One part of variable size makes the whole so.
    private static int SizeOf(DataViewSchema.Column[] columns) => columns.Any(c => SizeOf(c) == 0) ? 0 : columns.Sum(SizeOf);

    private static bool HasSlotNames(DataViewSchema.Column column) => SizeOf(column) is > 0 and int size &&
        column.Annotations.Schema.GetColumnOrNull(SlotNames)?.Type is VectorDataViewType { ItemType: TextDataViewType } names && names.Size == size;

    private static DataViewSchema.Annotations AnnotationsOf(DataViewSchema.Column[] inputs)
    {
        if (inputs.SelectMany(c => c.Annotations.Schema).FirstOrDefault(a => a.Name is "CategoricalSlotRanges" or "IsNormalized").Name is string other)
            throw Unsupported.Member($"Concatenate of columns with the annotation {other}");
        int size = SizeOf(inputs);
        if (size == 0 || !inputs.Any(c => c.Type is not VectorDataViewType || HasSlotNames(c)))
            return DataViewSchema.Annotations.Empty;
        ReadOnlyMemory<char>[] names = [.. inputs.SelectMany(NamesOf)];
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(SlotNames, new VectorDataViewType(TextDataViewType.Instance, size),
            (ref VBuffer<ReadOnlyMemory<char>> value) => new VBuffer<ReadOnlyMemory<char>>(size, names).CopyTo(ref value));
        return annotations.ToAnnotations();
    }

    // A scalar gives its column's name; a slot its own behind the column's, or none.
    private static IEnumerable<ReadOnlyMemory<char>> NamesOf(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
            return [column.Name.AsMemory()];
        if (!HasSlotNames(column))
            return new ReadOnlyMemory<char>[SizeOf(column)];
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetValue(SlotNames, ref names);
        return names.DenseValues().Select(n => n.IsEmpty ? n : $"{column.Name}.{n}".AsMemory());
    }

    private static ValueGetter<VBuffer<T>> MakeGetter<T>(DataViewRow row, DataViewSchema.Column[] inputs)
    {
        ValueGetter<VBuffer<T>>[] getters = [.. inputs.Select(c => PartGetter<T>(row, c))];
        var parts = new VBuffer<T>[inputs.Length];
        return (ref VBuffer<T> value) =>
        {
            for (int i = 0; i < parts.Length; i++)
            {
                getters[i](ref parts[i]);
                Contracts.Check(SizeOf(inputs[i]) == 0 || parts[i].Length == SizeOf(inputs[i]),
                    $"Column '{inputs[i].Name}': expected {SizeOf(inputs[i])} slots, but got {parts[i].Length}");
            }

            int length = parts.Sum(p => p.Length);
            int stored = parts.Sum(p => p.GetValues().Length);
            bool sparse = stored <= length / 2;
            VBufferEditor<T> editor = VBufferEditor.Create(ref value, length, sparse ? stored : length);
            int offset = 0, count = 0;
            foreach (VBuffer<T> part in parts)
            {
                if (!sparse)
                    part.CopyTo(editor.Values, offset);
                foreach ((int index, T item) in sparse ? part.Items() : [])
                {
                    editor.Values[count] = item;
                    editor.Indices[count++] = offset + index;
                }

                offset += part.Length;
            }

            value = editor.Commit();
        };
    }

    private static ValueGetter<VBuffer<T>> PartGetter<T>(DataViewRow row, DataViewSchema.Column column)
    {
        DataViewSchema.Column source = row.Schema[column.Index];
        if (column.Type is VectorDataViewType)
            return row.GetGetter<VBuffer<T>>(source);
        ValueGetter<T> getter = row.GetGetter<T>(source);
        var single = new T[1];
        return (ref VBuffer<T> value) =>
        {
            getter(ref single[0]);
            value = new VBuffer<T>(1, single);
        };
    }
}
