using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MlnetClip.Inference;
using MlnetClip.Models;
using MlnetClip.Parameters;
using MlnetClip.Weights;

namespace MlnetClip.Scoring;

/// <summary>A model with its trained weights. Immutable.</summary>
internal sealed class TrainedNetwork
{
    private readonly float[] _weights;
    private readonly Parameter[] _layout;
    private readonly Lazy<PackedModel> _packed;

    /// <param name="spec">The model.</param>
    /// <param name="weights">All weights in the order of <see cref="ModelLayout.Create"/>; kept, not copied.</param>
    public TrainedNetwork(ModelSpec spec, float[] weights)
    {
        (Spec, _weights) = (spec, weights);
        _layout = ParameterSet.LayOut(ModelLayout.Create(spec));
        _packed = new Lazy<PackedModel>(() => new PackedModel(spec, weights));
    }

    /// <summary>The model.</summary>
    public ModelSpec Spec { get; }

    /// <summary>The recurrent layers.</summary>
    public IEnumerable<RecurrentSpec> Recurrent => Spec.Layers.OfType<RecurrentSpec>();

    /// <summary>All weights, in the order of the parameters.</summary>
    public ReadOnlyMemory<float> Weights => _weights;

    /// <summary>The weights packed for prediction, created when they are first needed and shared afterwards.</summary>
    public PackedModel Packed => _packed.Value;

    /// <summary>Names of the parameters.</summary>
    public IReadOnlyList<string> ParameterNames => [.. _layout.Select(parameter => parameter.Name)];

    /// <summary>The weights of one parameter, row-major.</summary>
    /// <exception cref="KeyNotFoundException">There is no parameter of that name; the message lists the names.</exception>
    public ReadOnlySpan<float> GetWeights(string parameterName)
    {
        Parameter parameter = _layout.FirstOrDefault(candidate => candidate.Name == parameterName)
            ?? throw new KeyNotFoundException($"There is no parameter '{parameterName}'. The parameters are {string.Join(", ", ParameterNames)}.");
        return _weights.AsSpan(parameter.Offset, parameter.Length);
    }

    /// <summary>All weights by name, in PyTorch's layout.</summary>
    public WeightTensor[] ToTensors() =>
    [
        .. _layout.Select(parameter => new WeightTensor(
            parameter.Name, parameter.IsBias || parameter.Role == ParameterRole.Normalization ? [parameter.Rows] : [parameter.Rows, parameter.Columns], GetWeights(parameter.Name).ToArray())),
    ];

    /// <summary>SHA-256 of the weights and what else decides a prediction, in hexadecimal: equal for equal models.</summary>
    public string Hash(ReadOnlySpan<double> others)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(_weights.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(others));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
