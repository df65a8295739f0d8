namespace MlnetClip.Parameters;

/// <summary>What a parameter does in its layer: the name by which clipping rules and weight decay select groups.</summary>
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

    /// <summary>Weight or bias of a layer normalisation, [I].</summary>
    Normalization,
}
