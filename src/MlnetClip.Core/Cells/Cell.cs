using MlnetClip.Kernels;

namespace MlnetClip.Cells;

/// <summary>
/// The mathematics of a recurrent cell at one time step: forward and backward for many sequences in training, and forward for a
/// single sequence in prediction. The layers own the buffers and compute the matrix products.
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

    /// <summary>Columns of a panel of the recurrent weights that <see cref="Row"/> reads.</summary>
    public virtual int RowPanel => Panel.Width;

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
    /// <param name="c">As <see cref="Forward"/> left it.</param>
    /// <param name="dH">Derivative with respect to h, [rows, P].</param>
    /// <param name="dC">Derivative with respect to c on entry, to <paramref name="cBefore"/> on return; null without a state.</param>
    /// <param name="carry">Receives the part that is propagated to the previous hidden state without a product; null without <see cref="HasCarry"/>.</param>
    /// <param name="rows">Sequences.</param>
    /// <param name="padded">P.</param>
    /// <param name="next">Distance in floats from c to that of the time step done next, which is prefetched.</param>
    public abstract void Backward(
        float* sums, float* hBefore, float* h, float* cBefore, float* c, float* dH, float* dC, float* carry, int rows, int padded, nint next);

    /// <summary>One time step of one sequence, in the same sums and in the same order as in training: the same bits.</summary>
    /// <param name="sums">Bias and input's product on entry, [W]; undefined on return.</param>
    /// <param name="weights">The packed weights, made for rows.</param>
    /// <param name="hBefore">The previous hidden state, [P].</param>
    /// <param name="h">Receives the hidden state, [P].</param>
    /// <param name="c">The previous state c on entry, the new one on return, [P]; null without one.</param>
    /// <param name="descending">A hint: the weights were last read from their end, so they may be read from there again.</param>
    public virtual void Row(float* sums, GateWeights weights, float* hBefore, float* h, float* c, bool descending)
    {
        for (int g = 0; g < Groups.Count; g++)
        {
            if (!Groups[g].HasHidden) continue;
            float* target = sums + Groups[g].Offset * weights.P;
            var hidden = Product.OfRows(hBefore, weights.P, weights.Hidden(g), weights.H);
            Kernels.Multiply(&hidden, 1, 1, Groups[g].Gates * weights.P, target, 0, target, 0);
        }

        Forward(sums, hBefore, h, c, c, 1, weights.P);
    }
}
