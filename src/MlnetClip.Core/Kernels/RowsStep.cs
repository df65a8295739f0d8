namespace MlnetClip.Kernels;

/// <summary>One time step of a recurrent layer for some sequences, of which each row is one: all that <see cref="LstmRows{V}"/> and its like need.</summary>
/// <remarks>K inputs, H hidden units in blocks of 16, or of 64 in cells with one sum per unit. Rows of states have <see cref="Padded"/> floats.</remarks>
internal unsafe struct RowsStep
{
    /// <summary>Sequences.</summary>
    public int Rows;

    /// <summary>Inputs, [rows, K].</summary>
    public float* X;

    /// <summary>Distance between rows of inputs.</summary>
    public nint XRow;

    /// <summary>K.</summary>
    public int Inputs;

    /// <summary>Weights of the inputs, [blocks, K, 3 or 4, 16].</summary>
    public float* InputWeights;

    /// <summary>H.</summary>
    public int Units;

    /// <summary>Weights of the hidden state, [blocks, H, 3 or 4, 16].</summary>
    public float* HiddenWeights;

    /// <summary>Biases, [blocks, 4, 16].</summary>
    public float* Bias;

    /// <summary>Blocks of units.</summary>
    public int Blocks;

    /// <summary>Floats of a row of states, a multiple of 16.</summary>
    public int Padded;

    /// <summary>The previous hidden state, [rows, padded].</summary>
    public float* Before;

    /// <summary>Receives the hidden state, [rows, padded].</summary>
    public float* After;

    /// <summary>The previous state c on entry, the new one on return, [rows, padded]; null without one.</summary>
    public float* C;

    /// <summary>Room for a tile's sums, 6 * 64 floats.</summary>
    public float* Scratch;

    /// <summary>True to take the blocks from the last to the first: the weights that were read last are still in the nearest cache.</summary>
    public bool Descending;
}
