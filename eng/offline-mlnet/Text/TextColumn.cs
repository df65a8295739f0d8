namespace Microsoft.ML.Data;

/// <summary>A column of a text file and the fields that it is made of.</summary>
internal sealed record TextColumn(string Name, DataViewType Type, int[] Fields)
{
    public PrimitiveDataViewType ItemType => (Type as VectorDataViewType)?.ItemType ?? (PrimitiveDataViewType)Type;
}
