namespace Microsoft.ML.Data;

/// <summary>Which column type stands for which .NET type.</summary>
internal static class DataTypes
{
    private static readonly Dictionary<Type, PrimitiveDataViewType> ByRawType = new PrimitiveDataViewType[]
    {
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
        NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
        NumberDataViewType.Single, NumberDataViewType.Double, TextDataViewType.Instance, BooleanDataViewType.Instance,
        TimeSpanDataViewType.Instance, DateTimeDataViewType.Instance, DateTimeOffsetDataViewType.Instance, RowIdDataViewType.Instance,
    }.ToDictionary(t => t.RawType);

    /// <summary>The type whose values are <paramref name="rawType"/>.</summary>
    public static PrimitiveDataViewType Primitive(Type rawType) => ByRawType[rawType];

    /// <summary>The type for a member of a user's class: a string is text. Null where there is none.</summary>
    public static PrimitiveDataViewType ForMember(Type type) =>
        ByRawType.GetValueOrDefault(type == typeof(string) ? typeof(ReadOnlyMemory<char>) : type);

    /// <summary>The item type of a member's array or vector, or null for a scalar.</summary>
    public static Type ItemOfVector(Type type) =>
        type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>) ? type.GetGenericArguments()[0]
        : null;
}
