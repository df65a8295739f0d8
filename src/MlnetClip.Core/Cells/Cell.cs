using MlnetClip.Kernels;

namespace MlnetClip.Cells;

/// <summary>
/// The mathematics of a recurrent cell at one time step in training: forward and backward for many sequences. The layers own the buffers
/// and compute the matrix products. For prediction, see <see cref="Inference.RowCell"/>.
/// </summary>
/// <remarks>H hidden units, P units padded to a multiple of 16, W = <see cref="SumsPerUnit"/> * P. Padding units stay zero.</remarks>
internal abstract unsafe class Cell(KernelSet kernels)
{
    /// <summary>The kernels of the instruction path in use.</summary>
    protected KernelSet Kernels { get; } = kernels;

    /// <summary>The gates, grouped by the products that their sums consist of.</summary>
    public abstract IReadOnlyList<GateGroup> Groups { get; }

    /// <summary>Sums per unit in a row.</summary>
    public abstract int SumsPerUnit { get; }

    /// <summary>True when the cell has a state c beside the hidden state.</summary>
    public virtual bool HasState => false;

    /// <summary>True when part of the derivative with respect to h is propagated to the previous hidden state without a matrix product.</summary>
    public virtual bool HasCarry => false;

    /// <inheritdoc cref="KernelSet.PanelWidth"/>
    public int PanelWidth => Kernels.PanelWidth;

    /// <summary>Creates the cell of a kind.</summary>
    public static Cell Create(RecurrentCell kind, KernelSet kernels) => kind switch
    {
        RecurrentCell.Lstm => new LstmCell(kernels),
        RecurrentCell.Gru => new GruCell(kernels),
        RecurrentCell.RnnTanh => new RnnTanhCell(kernels),
        _ => new RnnReluCell(kernels),
    };

    /// <summary>One time step of some sequences.</summary>
    /// <param name="sums">Sums on entry, what <see cref="Backward"/> needs of them on return; [rows, W].</param>
    /// <param name="hBefore">The previous hidden state, [rows, P].</param>
    /// <param name="h">Receives the hidden state, [rows, P].</param>
    /// <param name="cBefore">The previous state c, [rows, P]; null without one.</param>
    /// <param name="c">Receives the state c; may be <paramref name="cBefore"/>.</param>
    /// <param name="rows">Sequences.</param>
    /// <param name="padded">P.</param>
    public abstract void Forward(float* sums, float* hBefore, float* h, float* cBefore, float* c, int rows, int padded);

    /// <summary>From the derivative with respect to h to those with respect to the sums.</summary>
    /// <param name="sums">As <see cref="Forward"/> left them; their derivatives on return.</param>
    /// <param name="hBefore">As in <see cref="Forward"/>.</param>
    /// <param name="h">As <see cref="Forward"/> left it.</param>
    /// <param name="cBefore">As in <see cref="Forward"/>.</param>
    /// <param name="dH">Derivative with respect to h, [rows, P].</param>
    /// <param name="dC">Derivative with respect to c on entry, to <paramref name="cBefore"/> on return; null without a state.</param>
    /// <param name="carry">Receives the part that is propagated to the previous hidden state without a product; null without <see cref="HasCarry"/>.</param>
    /// <param name="rows">Sequences.</param>
    /// <param name="padded">P.</param>
    /// <param name="next">Distance in floats from <paramref name="cBefore"/> to that of the time step done next, which is prefetched.</param>
    public abstract void Backward(
        float* sums, float* hBefore, float* h, float* cBefore, float* dH, float* dC, float* carry, int rows, int padded, nint next);
}
