using MlnetClip.Onnx.Weights;

namespace MlnetClip;

/// <summary>Reads weights that another program trained, for <see cref="LstmTrainerOptions.InitialWeights"/>.</summary>
public static class RecurrentWeights
{
    /// <summary>
    /// Reads the weights of an ONNX file: those of its LSTM, GRU and RNN nodes in their order, of layer normalizations, of embeddings (Gather nodes) and of the last dense layer (Gemm, or MatMul
    /// and Add). Other nodes are not read: what they compute before or after is up to the pipeline. The scaling inside files that this library exported is taken into account.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is not an ONNX file, or damaged, or a recurrent node has no counterpart here; the message names the node and the reason.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static InitialWeights FromOnnx(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OnnxWeights.Read(Path.GetFileName(path), File.ReadAllBytes(path));
    }

    /// <summary>
    /// Reads a state dict of PyTorch that was saved as safetensors. Recurrent layers are known by the end of PyTorch's names, such as <c>weight_ih_l0</c>; embeddings, layer normalizations and
    /// the head, the only dense layer, by their shapes. <see cref="InitialWeights.Rename"/> helps where that is not enough. Values of types F64, F16 and BF16 are converted to single precision.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is not a safetensors file, or damaged, or has a tensor of another type; the message says where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static InitialWeights FromSafetensors(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string name = Path.GetFileName(path);
        return new InitialWeights(name, SafetensorsReader.Read(name, File.ReadAllBytes(path)));
    }
}
