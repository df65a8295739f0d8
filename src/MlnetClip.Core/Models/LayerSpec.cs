using System.Text.Json.Serialization;

namespace MlnetClip.Models;

/// <summary>One layer between the inputs and the head of a model: [T, B, I] to [T, B, O].</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "Type")]
[JsonDerivedType(typeof(RecurrentSpec), "Recurrent")]
[JsonDerivedType(typeof(DropoutSpec), "Dropout")]
[JsonDerivedType(typeof(LayerNormalizationSpec), "LayerNormalization")]
public abstract record LayerSpec
{
    private protected LayerSpec()
    {
    }

    /// <summary>O: outputs per time step.</summary>
    /// <param name="inputs">I: inputs per time step.</param>
    internal abstract int OutputsOf(int inputs);
}
