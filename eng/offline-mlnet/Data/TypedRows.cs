using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Writes rows of a schema into objects of a user's class.</summary>
internal sealed class TypedRows<TRow> where TRow : class
{
    private readonly MemberColumn[] _columns;

    public TypedRows(DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition definition)
    {
        MemberColumn[] all = MemberColumn.Bind(typeof(TRow), definition ?? SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Write));
        foreach (MemberColumn member in all)
        {
            DataViewType type = schema.GetColumnOrNull(member.Name)?.Type;
            if (type is null && !ignoreMissingColumns)
                throw Contracts.ExceptSchemaMismatch("Schema", "", member.Name);
            if (type is not null && type.RawType != member.Type.RawType)
                throw Contracts.Except($"Can't bind the IDataView column '{member.Name}' of type '{type}' to field or property '{member.MemberName}' of type '{member.MemberType.FullName}'.");
        }

        _columns = [.. all.Where(c => schema.GetColumnOrNull(c.Name) is not null)];
    }

    public IEnumerable<DataViewSchema.Column> Needed(DataViewSchema schema) => _columns.Select(c => schema[c.Name]);

    public Action<TRow> Filler(DataViewRow row)
    {
        Action<TRow>[] setters = [.. _columns.Select(c => c.Setter<TRow>(row))];
        return target => Array.ForEach(setters, set => set(target));
    }
}
