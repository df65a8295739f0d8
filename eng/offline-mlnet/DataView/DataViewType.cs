namespace Microsoft.ML.Data;

/// <summary>The type of a column, and the .NET type that its getter yields.</summary>
public abstract class DataViewType : IEquatable<DataViewType>
{
    private protected DataViewType(Type rawType) => RawType = rawType ?? throw new ArgumentNullException(nameof(rawType));

    public Type RawType { get; }

    // Types without parameters are singletons, so that identity is equality.
    public virtual bool Equals(DataViewType other) => ReferenceEquals(this, other);

    public override bool Equals(object obj) => obj is DataViewType other && Equals(other);

    public override int GetHashCode() => RawType.GetHashCode();
}
