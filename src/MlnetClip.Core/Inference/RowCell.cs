using MlnetClip.Kernels;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Inference;

/// <summary>
/// One direction of a recurrent layer in prediction: its weights, packed once, and its time step for one or several sequences. Immutable.
/// It sums as training does, in the same order: the same bits.
/// </summary>
/// <remarks>I inputs, H hidden units, P units padded to a multiple of 16, W sums in a row.</remarks>
internal abstract unsafe class RowCell
{
    /// <summary>Floats of <see cref="RowsStep.Scratch"/>.</summary>
    public const int ScratchLength = 6 * 4 * Panel.UnitBlock;

    private readonly AlignedBuffer _input, _hidden, _bias;
    private readonly int _gates;

    /// <param name="kernels">The kernels of the instruction path in use.</param>
    /// <param name="parameters">weight_ih, weight_hh, bias_ih and bias_hh.</param>
    /// <param name="values">The flat buffer of all parameters.</param>
    /// <param name="gates">Gates in the parameters: 4, 3 or 1.</param>
    protected RowCell(InferenceKernels kernels, IReadOnlyList<Parameter> parameters, float* values, int gates)
    {
        (Kernels, _gates) = (kernels, gates);
        (I, H) = (parameters[0].Columns, parameters[1].Columns);
        P = Panel.PadUnits(H);
        Blocks = PackGates.Blocks(gates, H);
        long row = (long)Blocks * PackGates.Vectors(gates) * Panel.UnitBlock;
        (_input, _hidden, _bias) = (new AlignedBuffer(row * I), new AlignedBuffer(row * H), new AlignedBuffer(W));
        PackGates.Weights(values + parameters[0].Offset, gates, H, I, _input.Pointer);
        PackGates.Weights(values + parameters[1].Offset, gates, H, H, _hidden.Pointer);
        PackGates.Bias(values + parameters[2].Offset, values + parameters[3].Offset, gates, H, _bias.Pointer);
    }

    /// <summary>I: inputs per time step.</summary>
    public int I { get; }

    /// <summary>H: hidden units.</summary>
    public int H { get; }

    /// <summary>P: H rounded up to a multiple of 16.</summary>
    public int P { get; }

    /// <summary>W: floats in a row of sums.</summary>
    public int W => Blocks * 4 * Panel.UnitBlock;

    /// <summary>True when the cell has a state c beside the hidden state.</summary>
    public virtual bool HasState => false;

    protected InferenceKernels Kernels { get; }

    /// <summary>Blocks of units that are computed together.</summary>
    protected int Blocks { get; }

    /// <summary>The recurrent weights.</summary>
    protected float* Hidden => _hidden.Pointer;

    /// <summary>Creates the cell of a kind and packs its weights.</summary>
    public static RowCell Create(RecurrentCell kind, InferenceKernels kernels, IReadOnlyList<Parameter> parameters, float* values) => kind switch
    {
        RecurrentCell.Lstm => new LstmRowCell(kernels, parameters, values),
        RecurrentCell.Gru => new GruRowCell(kernels, parameters, values),
        _ => new RnnRowCell(kernels, parameters, values, relu: kind == RecurrentCell.RnnRelu),
    };

    /// <summary>Bias and the input's product of some time steps, [steps, W].</summary>
    public void InputSums(float* x, nint xRow, int steps, float* sums) =>
        Kernels.GateSums(new GateTerm(x, xRow, _input.Pointer, I), PackGates.Vectors(_gates), steps, _bias.Pointer, Blocks, sums);

    /// <summary>One time step of one sequence.</summary>
    /// <param name="sums">What <see cref="InputSums"/> gave, [W]; undefined on return.</param>
    /// <param name="before">The previous hidden state, [P].</param>
    /// <param name="after">Receives the hidden state, [P].</param>
    /// <param name="c">The previous state c on entry, the new one on return, [P]; null without one.</param>
    /// <param name="descending">A hint: the weights were last read from their end, so they may be read from there again.</param>
    public abstract void Row(float* sums, float* before, float* after, float* c, bool descending);

    /// <summary>One time step of several sequences; what belongs to the cell is filled in.</summary>
    public void Rows(ref RowsStep step)
    {
        step.Inputs = I;
        step.InputWeights = _input.Pointer;
        step.Units = H;
        step.HiddenWeights = _hidden.Pointer;
        step.Bias = _bias.Pointer;
        step.Blocks = Blocks;
        step.Padded = P;
        fixed (RowsStep* pointer = &step) Run(pointer);
    }

    /// <summary>The time step of <see cref="Rows"/>.</summary>
    protected abstract void Run(RowsStep* step);
}
