namespace MlnetClip;

/// <summary>The cell of a recurrent layer; equations, gate order and initialization are PyTorch's.</summary>
public enum RecurrentCell
{
    /// <summary>Long short-term memory, <c>nn.LSTM</c>: gates i, f, g, o.</summary>
    Lstm,

    /// <summary>Gated recurrent unit, <c>nn.GRU</c>: gates r, z, n.</summary>
    Gru,

    /// <summary>The plain recurrent cell with tanh, <c>nn.RNN</c>.</summary>
    RnnTanh,

    /// <summary>The plain recurrent cell with ReLU, <c>nn.RNN(nonlinearity="relu")</c>; its gradients explode easily.</summary>
    RnnRelu,
}
