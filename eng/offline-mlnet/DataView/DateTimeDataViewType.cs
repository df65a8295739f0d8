namespace Microsoft.ML.Data;

/// <summary>A point in time without offset.</summary>
public sealed class DateTimeDataViewType : PrimitiveDataViewType
{
    private DateTimeDataViewType() : base(typeof(DateTime))
    {
    }

    public static DateTimeDataViewType Instance { get; } = new();

    public override string ToString() => "DateTime";
}
