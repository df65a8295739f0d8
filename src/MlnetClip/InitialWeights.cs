using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MlnetClip.Weights;

namespace MlnetClip;

/// <summary>
/// Weights of another program's model that training begins with, instead of random ones. <c>RecurrentWeights</c> of the package MlnetClip.Onnx reads them from files. Immutable.
/// </summary>
public sealed class InitialWeights
{
    private readonly IReadOnlyList<WeightTensor> _tensors;

    /// <param name="source">Where they are from, for messages.</param>
    /// <param name="tensors">The tensors, in PyTorch's layout.</param>
    /// <param name="units">The scaling inside the model that they are from.</param>
    /// <param name="keepsHead">Whether the head is among them.</param>
    internal InitialWeights(string source, IReadOnlyList<WeightTensor> tensors, WeightUnits? units = null, bool keepsHead = true) =>
        (Source, _tensors, Units, KeepsHead) = (source, tensors, units ?? WeightUnits.None, keepsHead);

    /// <summary>The names of the tensors, as in the file.</summary>
    public IReadOnlyList<string> Names => [.. _tensors.Select(tensor => tensor.Name)];

    /// <summary>Where they are from.</summary>
    internal string Source { get; }

    internal IReadOnlyList<WeightTensor> Tensors => _tensors;

    internal WeightUnits Units { get; }

    internal bool KeepsHead { get; }

    /// <summary>Gives a tensor the name of the parameter that it is for, where the file's own name does not say it.</summary>
    /// <param name="tensor">The tensor's name in the file.</param>
    /// <param name="parameter">The parameter, for example <c>lstm.weight_ih_l0</c> or <c>head.weight</c>; the error of weights that do not fit lists them.</param>
    /// <exception cref="KeyNotFoundException">There is no such tensor; the message lists them.</exception>
    public InitialWeights Rename(string tensor, string parameter) => _tensors.Any(candidate => candidate.Name == tensor)
        ? new(Source, [.. _tensors.Select(candidate => candidate.Name == tensor ? candidate with { Name = parameter } : candidate)], Units, KeepsHead)
        : throw new KeyNotFoundException($"{Source} has no tensor '{tensor}'. The tensors are {string.Join(", ", Names)}.");

    /// <summary>The same without the head, which then begins with random weights: for a task with other outputs.</summary>
    public InitialWeights WithoutHead() => new(Source, _tensors, Units, keepsHead: false);

    /// <summary>For example <c>6 tensors of model.safetensors</c>.</summary>
    public override string ToString() => $"{_tensors.Count} tensors of {Source}{(KeepsHead ? "" : ", without the head")}";

    /// <summary>SHA-256 of names and values, in hexadecimal.</summary>
    internal string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (WeightTensor tensor in _tensors)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{tensor.Name}\n"));
            hash.AppendData(MemoryMarshal.AsBytes(tensor.Values.AsSpan()));
        }

        hash.AppendData(MemoryMarshal.AsBytes(((double[])[.. Units.Means, .. Units.Scales, Units.LabelMean, Units.LabelScale, KeepsHead ? 1 : 0]).AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
