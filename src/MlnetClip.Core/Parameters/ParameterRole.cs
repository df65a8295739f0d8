namespace MlnetClip.Parameters;

/// <summary>The role of a parameter in its layer, by which clipping rules select groups.</summary>
public enum ParameterRole
{
    /// <summary>Weights from a layer's input to its gates, [G * H, I].</summary>
    Input,

    /// <summary>Weights from the previous hidden state to the gates, [G * H, H].</summary>
    Recurrent,

    /// <summary>Bias of a recurrent layer, [G * H].</summary>
    Bias,

    /// <summary>Weights or bias of the dense head.</summary>
    Head,

    /// <summary>Vectors of an embedding, [ids, size].</summary>
    Embedding,

    /// <summary>Weight or bias of a layer normalization, [I].</summary>
    Normalization,
}
