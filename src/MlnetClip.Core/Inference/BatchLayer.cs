namespace MlnetClip.Inference;

/// <summary>A layer's forward pass over several sequences: rows of inputs [T, B, I] to rows of outputs [T, B, row length]. Rows after the end of a sequence are undefined.</summary>
internal abstract unsafe class BatchLayer
{
    /// <summary>O: outputs per time step.</summary>
    public abstract int Columns { get; }

    /// <summary>Distance between rows of the outputs; the padding is zero.</summary>
    public abstract int RowLength { get; }

    /// <summary>The outputs of the last call.</summary>
    public abstract float* Outputs { get; }

    /// <summary>Makes room for batches of that size.</summary>
    public abstract void Reserve(int timeSteps, int rows);

    /// <summary>All time steps of a batch.</summary>
    public abstract void Forward(float* x, int xRow, in BatchSteps steps);
}
