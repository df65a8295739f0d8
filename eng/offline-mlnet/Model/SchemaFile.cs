using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The entry of a model file that holds the schema of the data it was made for, annotations included.</summary>
internal static class SchemaFile
{
    private const string EntryName = "InputSchema";

    // The order of the list is the file's code for a type.
    private static readonly Type[] RawTypes =
    [
        typeof(float), typeof(double), typeof(ReadOnlyMemory<char>), typeof(bool), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(short), typeof(ushort), typeof(sbyte), typeof(byte), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DataViewRowId),
    ];

    public static void Write(RepositoryWriter repository, DataViewSchema schema)
    {
        using var writer = new BinaryWriter(repository.CreateEntry(null, EntryName), Encoding.UTF8, leaveOpen: true);
        writer.Write(ModelHeader.Banner);
        writer.Write(schema.Count);
        foreach (DataViewSchema.Column column in schema)
        {
            WriteColumn(writer, column.Name, column.Type);
            writer.Write(column.Annotations.Schema.Count);
            foreach (DataViewSchema.Column annotation in column.Annotations.Schema)
            {
                WriteColumn(writer, annotation.Name, annotation.Type);
                Cursors.Generic(typeof(SchemaFile), nameof(WriteAnnotation), Item(annotation.Type).RawType, writer, column.Annotations, annotation);
            }
        }
    }

    public static DataViewSchema ReadOrNull(RepositoryReader repository)
    {
        MemoryStream entry = repository.OpenEntryOrNull(null, EntryName);
        if (entry is null)
            return null;
        using var reader = new BinaryReader(entry, Encoding.UTF8);
        Contracts.CheckDecode(reader.ReadString() == ModelHeader.Banner, "Wrong file type");
        var schema = new DataViewSchema.Builder();
        for (int columns = reader.ReadInt32(); columns > 0; columns--)
        {
            (string name, DataViewType type) = ReadColumn(reader);
            var annotations = new DataViewSchema.Annotations.Builder();
            for (int count = reader.ReadInt32(); count > 0; count--)
            {
                (string kind, DataViewType kindType) = ReadColumn(reader);
                Cursors.Generic(typeof(SchemaFile), nameof(ReadAnnotation), Item(kindType).RawType, reader, annotations, kind, kindType);
            }

            schema.AddColumn(name, type, annotations.ToAnnotations());
        }

        return schema.ToSchema();
    }

    private static PrimitiveDataViewType Item(DataViewType type) => (type as VectorDataViewType)?.ItemType ?? (PrimitiveDataViewType)type;

    private static void WriteColumn(BinaryWriter writer, string name, DataViewType type)
    {
        writer.Write(name);
        writer.Write((byte)Array.IndexOf(RawTypes, Item(type).RawType));
        writer.Write((Item(type) as KeyDataViewType)?.Count ?? 0);
        int[] dimensions = type is VectorDataViewType vector ? [.. vector.Dimensions] : [];
        writer.Write(dimensions.Length);
        Array.ForEach(dimensions, writer.Write);
    }

    private static (string Name, DataViewType Type) ReadColumn(BinaryReader reader)
    {
        string name = reader.ReadString();
        Type raw = RawTypes[reader.ReadByte()];
        ulong keyCount = reader.ReadUInt64();
        PrimitiveDataViewType item = keyCount > 0 ? new KeyDataViewType(raw, keyCount) : DataTypes.Primitive(raw);
        int[] dimensions = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt32())];
        return (name, dimensions.Length > 0 ? new VectorDataViewType(item, dimensions) : item);
    }

    private static void WriteAnnotation<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column kind)
    {
        T[] values = new T[1];
        if (kind.Type is VectorDataViewType)
        {
            VBuffer<T> vector = default;
            annotations.GetGetter<VBuffer<T>>(kind)(ref vector);
            values = [.. vector.DenseValues()];
        }
        else
        {
            annotations.GetGetter<T>(kind)(ref values[0]);
        }

        writer.Write(values.Length);
        foreach (T value in values)
        {
            switch (value)
            {
                case ReadOnlyMemory<char> text: writer.Write(text.ToString()); break;
                case float number: writer.Write(number); break;
                case double number: writer.Write(number); break;
                case int number: writer.Write(number); break;
                case uint number: writer.Write(number); break;
                case bool truth: writer.Write(truth); break;
                default: throw Unsupported.Member($"Saving an annotation of type {kind.Type}");
            }
        }
    }

    private static void ReadAnnotation<T>(BinaryReader reader, DataViewSchema.Annotations.Builder annotations, string kind, DataViewType type)
    {
        var values = new T[reader.ReadInt32()];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (T)(object)(default(T) switch
            {
                ReadOnlyMemory<char> => reader.ReadString().AsMemory(),
                float => reader.ReadSingle(),
                double => reader.ReadDouble(),
                int => reader.ReadInt32(),
                uint => reader.ReadUInt32(),
                _ => (object)reader.ReadBoolean(),
            });
        }

        if (type is VectorDataViewType)
            annotations.Add(kind, type, (ref VBuffer<T> target) => new VBuffer<T>(values.Length, values).CopyTo(ref target));
        else
            annotations.Add(kind, type, (ref T target) => target = values[0]);
    }
}
