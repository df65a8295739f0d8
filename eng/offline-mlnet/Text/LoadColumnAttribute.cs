using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Which fields of a line a member is read from.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class LoadColumnAttribute : Attribute
{
    public LoadColumnAttribute(int fieldIndex) : this([fieldIndex])
    {
    }

    /// <summary>The fields from <paramref name="start"/> to <paramref name="end"/>, both included, as a vector.</summary>
    public LoadColumnAttribute(int start, int end)
    {
        Contracts.CheckParam(start >= 0, "min", "Must be non-negative");
        Contracts.CheckParam(end >= start, "max", "If specified, must be greater than or equal to min");
        Fields = [.. Enumerable.Range(start, end - start + 1)];
    }

    public LoadColumnAttribute(int[] columnIndexes)
    {
        Contracts.CheckParam(columnIndexes.All(i => i >= 0), "index", "Must be non-negative");
        Fields = columnIndexes;
    }

    internal int[] Fields { get; }
}
