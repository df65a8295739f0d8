using MlnetClip.Clipping;
using MlnetClip.Gradients;
using MlnetClip.Parameters;

namespace MlnetClip.Training;

/// <summary>Which blocks of the gradient belong to which part of a trace.</summary>
internal sealed class TraceParts
{
    private readonly GradientStore _store;
    private readonly int[] _partOf; // by block; empty when nothing is recorded

    public TraceParts(GradientGroup gradient)
    {
        _store = gradient.Store;
        GradientPart[] names = [.. _store.Blocks.Select(block => Of(block, gates: true))];
        if (names.Distinct().Count() > TrainingTrace.MostParts) names = [.. _store.Blocks.Select(block => Of(block, gates: false))];
        GradientPart[] parts = [.. names.Distinct()];
        Names = parts.Length > TrainingTrace.MostParts ? [] : parts;
        _partOf = Names.Count == 0 ? [] : [.. names.Select(name => Array.IndexOf(parts, name))];
    }

    /// <summary>The parts, in the order of the model.</summary>
    public IReadOnlyList<GradientPart> Names { get; }

    /// <summary>Adds the squared norms of the last gradient before clipping. They are known from clipping, so this takes no pass over the elements.</summary>
    public void AddSquares(Span<double> squares)
    {
        for (int block = 0; block < _partOf.Length; block++) squares[_partOf[block]] += _store.SquaresAtStart[block];
    }

    private GradientPart Of(GradientBlock block, bool gates)
    {
        Parameter parameter = _store.Parameters.Items[block.Parameter];
        string layer = parameter.Role == ParameterRole.Head ? "head" : $"layer {parameter.Layer}";
        return new GradientPart(layer, gates && block.Gate >= 0 ? parameter.Gates[block.Gate] : "");
    }
}
