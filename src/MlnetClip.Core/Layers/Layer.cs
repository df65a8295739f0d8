namespace MlnetClip.Layers;

/// <summary>
/// A layer in training: rows of inputs to rows of outputs, [T, B, I] to [T, B, O], and back. Sequences do not meet in a layer, so each
/// thread takes some of them through all time steps; the gradients of the weights are a phase of their own, shared out in pieces.
/// </summary>
/// <remarks>
/// Rows are (t, b) in the order of time. Rows of outputs and of their derivatives are padded to <see cref="RowLength"/> floats, and the padding is zero.
/// </remarks>
internal abstract unsafe class Layer
{
    /// <summary>O: outputs per row.</summary>
    public abstract int Columns { get; }

    /// <summary>Distance between rows of the outputs.</summary>
    public abstract int RowLength { get; }

    /// <summary>The derivatives with respect to the outputs, [T, B, RowLength]; the layer above fills them before <see cref="Backward"/>.</summary>
    public abstract float* OutputGradients { get; }

    /// <summary>Pieces of <see cref="Pack"/>.</summary>
    public virtual int PackPieces => 0;

    /// <summary>Pieces of <see cref="WeightGradients"/>.</summary>
    public virtual int GradientPieces => 0;

    /// <summary>The outputs, [T, B, RowLength].</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="x">The inputs, for a layer that leaves them as they are.</param>
    public abstract float* Outputs(in Pass pass, float* x);

    /// <summary>Brings the weights into the form that the products read; pieces in any order.</summary>
    public virtual void Pack(int piece, float* values)
    {
    }

    /// <summary>Outputs of sequences [first, end) at all time steps.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="x">Inputs of the batch, rows of <paramref name="xRow"/> floats.</param>
    /// <param name="xRow">Distance between rows of x.</param>
    /// <param name="first">First sequence.</param>
    /// <param name="end">Sequence after the last.</param>
    public abstract void Forward(in Pass pass, float* x, int xRow, int first, int end);

    /// <summary>Takes the derivatives of sequences [first, end) from the outputs to the inputs.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="x">As in <see cref="Forward"/>.</param>
    /// <param name="xRow">Distance between rows of x.</param>
    /// <param name="dX">Receives the derivatives with respect to the inputs; null when nobody wants them.</param>
    /// <param name="dXRow">Distance between rows of dX.</param>
    /// <param name="lastStepOnly">True when only the outputs of the last time step were used; derivatives of the others are not there.</param>
    /// <param name="first">First sequence.</param>
    /// <param name="end">Sequence after the last.</param>
    public abstract void Backward(in Pass pass, float* x, int xRow, float* dX, int dXRow, bool lastStepOnly, int first, int end);

    /// <summary>One piece of the gradients of the layer's weights, after all sequences' <see cref="Backward"/>.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="piece">The piece.</param>
    /// <param name="gradients">The flat buffer of all gradients.</param>
    /// <param name="x">As in <see cref="Forward"/>.</param>
    /// <param name="xRow">Distance between rows of x.</param>
    /// <param name="scratch">Scratch memory of the thread.</param>
    public virtual void WeightGradients(in Pass pass, int piece, float* gradients, float* x, int xRow, float* scratch)
    {
    }

    /// <summary>Adds the sum of squares of what each time step contributes to the gradient of the layer's weights.</summary>
    public virtual void AddSquares(in Pass pass, Span<double> squares)
    {
    }

    /// <summary>Gradients that time steps passed on under a limit since this was last asked for, and those of them beyond it.</summary>
    public virtual (long Passed, long Limited) TakeLimitCounts() => default;
}
