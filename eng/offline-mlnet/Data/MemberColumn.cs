using System.Linq.Expressions;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A field or property of a user's class as a column.</summary>
internal sealed class MemberColumn
{
    private readonly MemberInfo _member;

    private MemberColumn(MemberInfo member, string name, DataViewType type, DataViewSchema.Annotations annotations)
    {
        _member = member;
        Detached = new(name, type, annotations);
    }

    public DataViewSchema.DetachedColumn Detached { get; }

    public string Name => Detached.Name;

    public DataViewType Type => Detached.Type;

    public string MemberName => _member.Name;

    public Type MemberType => TypeOf(_member);

    public static Type TypeOf(MemberInfo member) => (member as FieldInfo)?.FieldType ?? ((PropertyInfo)member).PropertyType;

    /// <summary>Binds a definition to the members of the class that it names.</summary>
    public static MemberColumn[] Bind(Type userType, SchemaDefinition definition) => [.. definition.Select(column =>
    {
        MemberInfo member = (MemberInfo)userType.GetField(column.MemberName) ?? userType.GetProperty(column.MemberName)
            ?? throw Contracts.ExceptParam("userSchemaDefinition", $"No field or property with name '{column.MemberName}' found in type '{userType.FullName}'");
        string name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        DataViewType natural = NaturalType(member);
        DataViewType type = column.ColumnType ?? natural;
        bool isVector = natural is VectorDataViewType;
        if (type is VectorDataViewType != isVector)
            throw Contracts.ExceptParam("userSchemaDefinition", $"Column '{name}' is supposed to be {(isVector ? "scalar" : "vector")}, but type of associated field '{column.MemberName}' is {(isVector ? "vector" : "scalar")}");
        if (type.RawType != natural.RawType)
            throw Contracts.ExceptParam("userSchemaDefinition", $"Column '{name}' is supposed to have item type {ItemOf(type)}, but associated field has type {ItemOf(natural)}");
        return new MemberColumn(member, name, type, column.Annotations);
    })];

    private static Type ItemOf(DataViewType type) => (type as VectorDataViewType)?.ItemType.RawType ?? type.RawType;

    /// <summary>The type that a member has without further knowledge: vectors by their attribute, else of variable size.</summary>
    public static DataViewType NaturalType(MemberInfo member)
    {
        Type type = TypeOf(member);
        Type item = DataTypes.ItemOfVector(type);
        PrimitiveDataViewType itemType = DataTypes.ForMember(item ?? type)
            ?? throw Contracts.ExceptParam("rawType", $"Could not determine an IDataView type and registered custom types for member {member.Name}");
        int[] dims = member.GetCustomAttribute<VectorTypeAttribute>()?.Dims;
        if (item is null)
        {
            Contracts.CheckParam(!member.IsDefined(typeof(VectorTypeAttribute)), "userType", $"Member {member.Name} marked with {nameof(VectorTypeAttribute)}, but does not appear to be a vector type");
            return itemType;
        }

        return dims is { Length: > 0 } ? new VectorDataViewType(itemType, dims) : new VectorDataViewType(itemType, 0);
    }

    /// <summary>A ValueGetter of the column's raw type that reads the member of the current row.</summary>
    public Delegate Getter<TRow>(Func<TRow> current)
    {
        ParameterExpression row = Expression.Parameter(typeof(TRow));
        Delegate read = Expression.Lambda(Expression.MakeMemberAccess(row, _member), row).Compile();
        return read switch
        {
            Func<TRow, string> text => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = text(current()).AsMemory()),
            Func<TRow, string[]> texts => VectorGetter(() => texts(current())?.Select(t => t.AsMemory()).ToArray()),
            _ when MemberType.IsArray => (Delegate)Generic(nameof(ArrayGetter), MemberType.GetElementType(), read, current),
            _ when Type is VectorDataViewType vector => (Delegate)Generic(nameof(CopyingGetter), vector.ItemType.RawType, read, current),
            _ => (Delegate)Generic(nameof(DirectGetter), MemberType, read, current),
        };

        static object Generic(string method, Type argument, params object[] arguments) =>
            typeof(MemberColumn).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)
                .MakeGenericMethod(typeof(TRow), argument).Invoke(null, arguments);
    }

    private static ValueGetter<T> DirectGetter<TRow, T>(Func<TRow, T> read, Func<TRow> current) =>
        (ref T value) => value = read(current());

    private static ValueGetter<VBuffer<T>> ArrayGetter<TRow, T>(Func<TRow, T[]> read, Func<TRow> current) => VectorGetter(() => read(current()));

    private static ValueGetter<VBuffer<T>> CopyingGetter<TRow, T>(Func<TRow, VBuffer<T>> read, Func<TRow> current) =>
        (ref VBuffer<T> value) => read(current()).CopyTo(ref value);

    // An array that is null reads as an empty vector.
    private static ValueGetter<VBuffer<T>> VectorGetter<T>(Func<T[]> read) => (ref VBuffer<T> value) =>
    {
        T[] items = read() ?? [];
        VBufferEditor<T> editor = VBufferEditor.Create(ref value, items.Length);
        items.CopyTo(editor.Values);
        value = editor.Commit();
    };

    /// <summary>Writes the column of the row being read into the member.</summary>
    public Action<TRow> Setter<TRow>(DataViewRow source)
    {
        ParameterExpression row = Expression.Parameter(typeof(TRow));
        ParameterExpression value = Expression.Parameter(MemberType);
        Delegate write = Expression.Lambda(typeof(Action<,>).MakeGenericType(typeof(TRow), MemberType),
            Expression.Assign(Expression.MakeMemberAccess(row, _member), value), row, value).Compile();
        DataViewSchema.Column column = source.Schema[Name];
        Type item = DataTypes.ItemOfVector(MemberType);
        return (Action<TRow>)typeof(MemberColumn)
            .GetMethod(write switch
            {
                Action<TRow, string> => nameof(TextSetter),
                Action<TRow, string[]> => nameof(TextsSetter),
                _ when MemberType.IsArray => nameof(ArraySetter),
                _ when item is not null => nameof(VectorSetter),
                _ => nameof(DirectSetter),
            }, BindingFlags.Static | BindingFlags.NonPublic)
            .MakeGenericMethod(typeof(TRow), item ?? MemberType)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [source, column, write], null);
    }

    private static Action<TRow> DirectSetter<TRow, T>(DataViewRow source, DataViewSchema.Column column, Action<TRow, T> write) =>
        Converting<TRow, T, T>(source, column, write, value => value);

    private static Action<TRow> TextSetter<TRow, T>(DataViewRow source, DataViewSchema.Column column, Action<TRow, string> write) =>
        Converting<TRow, ReadOnlyMemory<char>, string>(source, column, write, value => value.ToString());

    private static Action<TRow> ArraySetter<TRow, T>(DataViewRow source, DataViewSchema.Column column, Action<TRow, T[]> write) =>
        Converting<TRow, VBuffer<T>, T[]>(source, column, write, value =>
        {
            var items = new T[value.Length];
            value.CopyTo(items);
            return items;
        });

    private static Action<TRow> TextsSetter<TRow, T>(DataViewRow source, DataViewSchema.Column column, Action<TRow, string[]> write) =>
        Converting<TRow, VBuffer<ReadOnlyMemory<char>>, string[]>(source, column, write, value => [.. value.DenseValues().Select(t => t.ToString())]);

    private static Action<TRow> VectorSetter<TRow, T>(DataViewRow source, DataViewSchema.Column column, Action<TRow, VBuffer<T>> write) =>
        Converting<TRow, VBuffer<T>, VBuffer<T>>(source, column, write, Cursors.Copier<VBuffer<T>>());

    private static Action<TRow> Converting<TRow, TFrom, TTo>(DataViewRow source, DataViewSchema.Column column, Action<TRow, TTo> write, Func<TFrom, TTo> convert)
    {
        ValueGetter<TFrom> getter = source.GetGetter<TFrom>(column);
        TFrom value = default;
        return row =>
        {
            getter(ref value);
            write(row, convert(value));
        };
    }
}
