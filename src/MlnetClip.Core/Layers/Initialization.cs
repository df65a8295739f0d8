using MlnetClip.Data;
using MlnetClip.Parameters;

namespace MlnetClip.Layers;

/// <summary>
/// PyTorch's initialisation: recurrent weights and both biases uniform in ±1/sqrt(H); the head's weight and bias uniform in
/// ±1/sqrt(H) too, H being its number of inputs.
/// </summary>
internal static class Initialization
{
    /// <summary>Fills the values in the order of the flat buffer from the seed alone.</summary>
    public static void Apply(ParameterSet parameters, int hiddenSize, ulong seed)
    {
        var random = new SeededRandom(seed);
        float bound = (float)(1 / Math.Sqrt(hiddenSize));
        foreach (ref float value in parameters.Values) value = (2f * random.NextSingle() - 1f) * bound;
    }
}
