namespace MlnetClip.Layers;

/// <summary>The recurrent cell of a model.</summary>
public enum CellType
{
    /// <summary>Long short-term memory with gates i, f, g, o, PyTorch's equations.</summary>
    Lstm,

    /// <summary>The plain recurrent layer, h = tanh(W x + U h + b): for showing exploding and vanishing gradients.</summary>
    Tanh,
}
