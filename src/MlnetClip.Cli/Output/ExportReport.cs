namespace MlnetClip.Cli.Output;

/// <summary>The JSON of <c>export</c>.</summary>
internal static class ExportReport
{
    /// <summary>The inputs, outputs and metadata of an ONNX file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="info">What it reads and writes.</param>
    public static object Of(string path, OnnxModelInfo info) => new
    {
        Onnx = path,
        OnnxModelInfo.OperatorSet,
        Inputs = info.Inputs.Select(Of),
        Outputs = info.Outputs.Select(Of),
        info.Metadata,
    };

    private static object Of(OnnxTensorInfo tensor) => new { tensor.Name, Type = tensor.ElementType, tensor.Shape, tensor.Meaning };
}
