namespace MlnetClip;

/// <summary>What an exported ONNX model reads and writes.</summary>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Outputs">Its outputs.</param>
/// <param name="Metadata">The texts that the file carries, by name, for example <c>mlnetclip.task</c>.</param>
public sealed record OnnxModelInfo(
    IReadOnlyList<OnnxTensorInfo> Inputs, IReadOnlyList<OnnxTensorInfo> Outputs, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The operator set of ONNX that models are exported in.</summary>
    public const int OperatorSet = Scoring.OnnxModel.OperatorSet;

    /// <summary>Inputs and outputs, one a line.</summary>
    public override string ToString() => string.Join(
        Environment.NewLine, ["inputs:", .. Inputs.Select(Line), "outputs:", .. Outputs.Select(Line)]);

    private static string Line(OnnxTensorInfo tensor) => tensor.Meaning.Length == 0 ? $"  {tensor}" : $"  {tensor}: {tensor.Meaning}";
}
