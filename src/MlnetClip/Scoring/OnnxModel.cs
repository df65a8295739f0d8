namespace MlnetClip.Scoring;

/// <summary>An ONNX model in memory: what our own export writes to a file.</summary>
internal sealed class OnnxModel
{
    /// <summary>The operator set of ONNX, the newest that Microsoft.ML's steps can be written in.</summary>
    public const int OperatorSet = 12;

    /// <summary>The inputs, in the order in which they are declared.</summary>
    public List<OnnxValue> Inputs { get; } = [];

    /// <summary>The outputs.</summary>
    public List<OnnxValue> Outputs { get; } = [];

    /// <summary>The nodes, each after those whose outputs it reads.</summary>
    public List<OnnxOperation> Nodes { get; } = [];

    /// <summary>The constants.</summary>
    public List<OnnxConstant> Constants { get; } = [];

    /// <summary>Removes every node, constant and input that no output depends on.</summary>
    public void Prune()
    {
        var needed = new HashSet<string>(Outputs.Select(output => output.Name), StringComparer.Ordinal);
        for (int i = Nodes.Count - 1; i >= 0; i--)
        {
            if (Nodes[i].Outputs.Any(output => output.Length > 0 && needed.Contains(output))) needed.UnionWith(Nodes[i].Inputs);
            else Nodes.RemoveAt(i);
        }

        Constants.RemoveAll(constant => !needed.Contains(constant.Name));
        Inputs.RemoveAll(input => !needed.Contains(input.Name));
    }
}

/// <summary>An input or output.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Element">The .NET type of its elements.</param>
/// <param name="Shape">Its dimensions; a text names one that is not fixed.</param>
/// <param name="Meaning">What it is, in words; empty where its name says it.</param>
internal sealed record OnnxValue(string Name, Type Element, IReadOnlyList<OnnxSize> Shape, string Meaning = "");

/// <summary>A dimension: a number, or the name of a size that is not fixed.</summary>
internal readonly record struct OnnxSize(long Size, string? Name = null)
{
    /// <summary>The number of rows.</summary>
    public static OnnxSize Rows { get; } = new(-1, "N");

    /// <inheritdoc/>
    public override string ToString() => Name ?? $"{Size}";
}

/// <summary>A node.</summary>
internal sealed record OnnxOperation(string Operation, string Domain, string Name, string[] Inputs, string[] Outputs)
{
    /// <summary>Its attributes: long, float, string, arrays of them, or an element type.</summary>
    public List<(string Name, object Value)> Attributes { get; } = [];
}

/// <summary>A constant tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Element">The .NET type of its elements.</param>
/// <param name="Values">The elements: an array of that type.</param>
/// <param name="Shape">The dimensions; empty for a single value.</param>
internal sealed record OnnxConstant(string Name, Type Element, Array Values, long[] Shape);
