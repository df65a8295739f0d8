namespace Microsoft.ML.Runtime;

/// <summary>The answer of the stand-in where it does less than Microsoft.ML.</summary>
internal static class Unsupported
{
    public static NotSupportedException Member(string member) =>
        new($"{member} is not in the offline stand-in of Microsoft.ML; it is in the Microsoft.ML packages.");
}
