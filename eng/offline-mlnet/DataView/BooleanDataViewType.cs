namespace Microsoft.ML.Data;

/// <summary>A truth value.</summary>
public sealed class BooleanDataViewType : PrimitiveDataViewType
{
    private BooleanDataViewType() : base(typeof(bool))
    {
    }

    public static BooleanDataViewType Instance { get; } = new();

    public override string ToString() => "Boolean";
}
