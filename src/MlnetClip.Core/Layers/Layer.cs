namespace MlnetClip.Layers;

/// <summary>
/// A layer in training: rows of inputs to rows of outputs, [T, B, I] to [T, B, O], and back. Sequences are independent in a layer, so each
/// thread computes some of them over all time steps. The gradients of the weights are a separate phase, divided into pieces.
/// </summary>
/// <remarks>
/// Rows are in the order of <see cref="Pass"/>. Rows of outputs and of their derivatives are padded to <see cref="RowLength"/> floats, and the padding is zero.
/// </remarks>
internal abstract unsafe class Layer
{
    /// <summary>O: outputs per row.</summary>
    public abstract int Columns { get; }

    /// <summary>Distance between rows of the outputs.</summary>
    public abstract int RowLength { get; }

    /// <summary>The derivatives with respect to the outputs, [T, B, RowLength]; the layer above fills them before <see cref="Backward"/>.</summary>
    public abstract float* OutputGradients { get; }

    /// <summary>The number of pieces of <see cref="PackForward"/> and of <see cref="PackBackward"/>.</summary>
    public virtual int PackPieces => 0;

    /// <summary>The number of pieces of <see cref="WeightGradients"/>, of each part if the layer <see cref="SumsByPart"/>.</summary>
    public virtual int GradientPieces => 0;

    /// <summary>True when a call of <see cref="WeightGradients"/> is for the rows of one part, false when it is for all.</summary>
    public virtual bool SumsByPart => false;

    /// <summary>The outputs, [T, B, RowLength].</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="x">The inputs, for a layer that does not change them.</param>
    public abstract float* Outputs(in Pass pass, float* x);

    /// <summary>Packs the weights for <see cref="Forward"/>; pieces may be done in any order.</summary>
    public virtual void PackForward(int piece, float* values)
    {
    }

    /// <summary>Packs the weights for <see cref="Backward"/>, after the last <see cref="Forward"/>.</summary>
    public virtual void PackBackward(int piece, float* values)
    {
    }

    /// <summary>Outputs of some sequences at all time steps.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="x">Inputs of the batch, rows of <paramref name="xRow"/> floats.</param>
    /// <param name="xRow">Distance between rows of x.</param>
    /// <param name="rows">The sequences.</param>
    public abstract void Forward(in Pass pass, float* x, int xRow, in SequenceRows rows);

    /// <summary>Computes the derivatives with respect to the inputs of some sequences from those with respect to the outputs.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="x">As in <see cref="Forward"/>.</param>
    /// <param name="xRow">Distance between rows of x.</param>
    /// <param name="dX">Receives the derivatives with respect to the inputs; null when they are not needed.</param>
    /// <param name="dXRow">Distance between rows of dX.</param>
    /// <param name="lastStepOnly">True when only the outputs of the last time step were used; the derivatives of the others are undefined.</param>
    /// <param name="rows">The sequences.</param>
    public abstract void Backward(in Pass pass, float* x, int xRow, float* dX, int dXRow, bool lastStepOnly, in SequenceRows rows);

    /// <summary>Called once before the pieces of <see cref="WeightGradients"/>.</summary>
    public virtual void BeginWeightGradients()
    {
    }

    /// <summary>One piece of the gradients of the layer's weights, after all sequences' <see cref="Backward"/>.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="part">The part of the batch; 0 if the layer does not sum by part.</param>
    /// <param name="piece">The piece.</param>
    /// <param name="gradients">The flat buffer of all gradients.</param>
    /// <param name="x">As in <see cref="Forward"/>.</param>
    /// <param name="xRow">Distance between rows of x.</param>
    /// <param name="scratch">Scratch memory of the thread.</param>
    public virtual void WeightGradients(in Pass pass, int part, int piece, float* gradients, float* x, int xRow, float* scratch)
    {
    }

    /// <summary>Adds the sum of squares of what each time step contributes to the gradient of the layer's weights.</summary>
    public virtual void AddSquares(in Pass pass, Span<double> squares)
    {
    }

    /// <summary>The numbers of gradients propagated between time steps and of those that were limited, since the last call.</summary>
    public virtual (long Passed, long Limited) TakeLimitCounts() => default;
}
