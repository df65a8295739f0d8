namespace MlnetClip;

/// <summary>An input or output of an exported model.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="ElementType">ONNX's name of the type of its elements, for example <c>float</c>, <c>double</c>, <c>uint32</c> or <c>string</c>.</param>
/// <param name="Shape">Its dimensions: numbers, or names of sizes that are not fixed, <c>N</c> for the rows of a batch.</param>
/// <param name="Meaning">What it is, in words; empty where its name says it. The file has it as the documentation of the tensor.</param>
public sealed record OnnxTensorInfo(string Name, string ElementType, IReadOnlyList<string> Shape, string Meaning = "")
{
    /// <summary>For example <c>Features: float [N, 12]</c>.</summary>
    public override string ToString() => $"{Name}: {ElementType} [{string.Join(", ", Shape)}]";

    /// <inheritdoc/>
    public bool Equals(OnnxTensorInfo? other) =>
        other is not null && Name == other.Name && ElementType == other.ElementType && Meaning == other.Meaning && Shape.SequenceEqual(other.Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, ElementType, Shape.Count);
}
