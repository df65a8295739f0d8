using MlnetClip.Checkpoints;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Persistence;

/// <summary>Reads the weights of a model from an entry, once its sizes are known to be possible and to fit the bytes that are there.</summary>
internal static class SavedWeights
{
    /// <summary>The most weights of a model that can be saved: an entry is an array of bytes, with its description, while it is written. More are refused before the fit.</summary>
    public static int Most { get; } = (Array.MaxLength - (64 << 20)) / sizeof(float);

    /// <summary>Reads all weights, in the order of <see cref="ModelLayout.Create"/>.</summary>
    /// <param name="reader">The entry.</param>
    /// <param name="model">The model, as the entry describes it.</param>
    /// <exception cref="InvalidDataException">A size is outside its range or does not fit the entry, or a weight is not finite.</exception>
    public static float[] Read(BinaryReader reader, ModelSpec model)
    {
        Parameter[] layout;
        try
        {
            layout = ParameterSet.LayOut(ModelLayout.Create(model));
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException(SavedField.Sentence(e.Message), e);
        }

        float[] weights = FloatBlock.Read(reader, layout[^1].Offset + (long)layout[^1].Length, "the weights");
        foreach (Parameter parameter in layout)
        {
            if (!FloatBlock.IsFinite(weights.AsSpan(parameter.Offset, parameter.Length)))
                throw SavedField.Wrong($"the weights of {parameter.Name}", "must be finite", "not: the training diverged, or the file was changed");
        }

        return weights;
    }
}
