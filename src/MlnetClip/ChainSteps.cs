using Microsoft.ML;

namespace MlnetClip;

/// <summary>The steps of a model.</summary>
internal static class ChainSteps
{
    /// <summary>The transformers of a chain in their order, those of chains within it in their places; any other transformer is a step by itself.</summary>
    public static IReadOnlyList<ITransformer> Of(ITransformer model) => model is IEnumerable<ITransformer> chain ? [.. chain.SelectMany(Of)] : [model];
}
