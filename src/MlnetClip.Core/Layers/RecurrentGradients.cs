using MlnetClip.Cells;
using MlnetClip.Kernels;
using MlnetClip.Parameters;

namespace MlnetClip.Layers;

/// <summary>
/// The gradients of a recurrent layer's weights (of one direction): dW = dZ^T [x, h'] and db = the sum of dZ, over all time steps of a part of the batch at a time.
/// Work is divided into pieces of units of a <see cref="GateGroup"/>.
/// </summary>
/// <remarks>T, I, H, P and W as in <see cref="RecurrentLayer"/>.</remarks>
internal sealed unsafe class RecurrentGradients
{
    /// <summary>Rows of up to this many floats are read in place; longer ones fall into too few cache sets.</summary>
    private const int LongestDirectRow = 64;

    /// <summary>Layers of at least this many units are divided into pieces of 32 units.</summary>
    private const int WideLayer = 256;

    private readonly KernelSet _kernels;
    private readonly GateWeights _weights;
    private readonly bool _reverse, _packsInput, _packsHidden;
    private readonly AlignedBuffer _inputPanels, _hiddenPanels, _biasSums;
    private readonly PartialGradients _partial;

    /// <param name="kernels">The instruction path.</param>
    /// <param name="weights">The layer's weights.</param>
    /// <param name="parameters">Its parameters: weight_ih, weight_hh, bias_ih and bias_hh.</param>
    /// <param name="place">Its position in the model.</param>
    /// <param name="reverse">True for the backward direction.</param>
    public RecurrentGradients(KernelSet kernels, GateWeights weights, IReadOnlyList<Parameter> parameters, LayerPlace place, bool reverse)
    {
        (_kernels, _weights, _reverse) = (kernels, weights, reverse);
        long rows = (long)place.MaxTimeSteps * place.MaxBatchSize;
        _packsInput = I > KernelSet.NarrowColumns && (place.ReadsCallersMemory || P > LongestDirectRow);
        _packsHidden = H > KernelSet.NarrowColumns && P > LongestDirectRow;
        _inputPanels = new AlignedBuffer(_packsInput ? rows * Panel.Length(1, I) : 0);
        _hiddenPanels = new AlignedBuffer(_packsHidden ? rows * Panel.Length(1, H) : 0);
        _biasSums = new AlignedBuffer((long)place.MaxParts * weights.W);
        _partial = new PartialGradients(parameters, place.MaxParts, Pieces);
    }

    /// <summary>The number of pieces of each part.</summary>
    public int Pieces => _weights.Cell.Groups.Count * PiecesPerGroup;

    private int I => _weights.I;

    private int H => _weights.H;

    private int P => _weights.P;

    private int PiecesPerGroup => (P + UnitsPerPiece - 1) / UnitsPerPiece;

    /// <summary>16 units, or twice as many where that still gives every thread its share: each piece reads all the inputs.</summary>
    private int UnitsPerPiece => P < WideLayer ? Panel.UnitBlock : KernelSet.GradientUnits;

    /// <summary>Called once before the pieces of a step.</summary>
    public void Begin() => _partial.Begin();

    /// <summary>Copies inputs and states before each time step of some sequences into panels, where <see cref="Compute"/> needs them in that form.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="x">The inputs, rows of <paramref name="xRow"/> floats.</param>
    /// <param name="xRow">Distance between rows of x.</param>
    /// <param name="states">The hidden states, as the recurrent products read them, rows of P floats.</param>
    /// <param name="rows">The sequences.</param>
    public void PackInputs(in Pass pass, float* x, int xRow, float* states, in SequenceRows rows)
    {
        if (!_packsInput && !_packsHidden) return;
        int T = pass.TimeSteps, width = _kernels.PanelWidth;
        nint panel = (nint)T * rows.Step * width;
        float* before = StatesBefore(states, rows);
        for (int t = 0; t < T; t++)
        {
            nint row = rows.WithinPart(t);
            if (_packsInput) PackWeights.Rows(x + rows.At(t) * xRow, xRow, rows.Count, I, InputPanels(rows) + row * width, panel, width);
            if (_packsHidden && t != (_reverse ? T - 1 : 0)) PackWeights.Rows(before + row * P, P, rows.Count, H, HiddenPanels(rows) + row * width, panel, width);
        }
    }

    /// <summary>The gradients of one piece's units over the rows of one part.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="part">The part of the batch.</param>
    /// <param name="piece">The piece.</param>
    /// <param name="gradients">The flat buffer of all gradients.</param>
    /// <param name="dZ">The derivatives of the sums, rows of W floats.</param>
    /// <param name="x">As in <see cref="PackInputs"/>.</param>
    /// <param name="xRow">As in <see cref="PackInputs"/>.</param>
    /// <param name="states">As in <see cref="PackInputs"/>.</param>
    /// <param name="scratch">Scratch memory of the thread.</param>
    public void Compute(in Pass pass, int part, int piece, float* gradients, float* dZ, float* x, int xRow, float* states, float* scratch)
    {
        if (pass.IsCancelled) return;
        SequenceRows rows = pass.RowsOf(part);
        int count = pass.TimeSteps * rows.Count, width = _kernels.PanelWidth;
        GateGroup group = _weights.Cell.Groups[piece / PiecesPerGroup];
        int unit = piece % PiecesPerGroup * UnitsPerPiece, units = Math.Min(UnitsPerPiece, H - unit);
        nint panel = (nint)count * width;
        float* target = _partial.Of(part, gradients);
        float* input = target + _weights.WeightInput.Offset + ((nint)group.FirstGate * H + unit) * I;
        float* hidden = target + _weights.WeightHidden.Offset + ((nint)group.FirstGate * H + unit) * H;
        GradientTerm* terms = stackalloc GradientTerm[2];
        int used = 0;
        if (group.HasInput)
        {
            terms[used++] = _packsInput
                ? new(InputPanels(rows), width, panel, I, 0, count, input, (nint)H * I)
                : new(x + rows.PartRow * xRow, xRow, width, I, 0, count, input, (nint)H * I);
        }

        // The state before a sequence's first time step is zero, and its rows are skipped; if there are no others, the gradient is zero.
        int firstRow = _reverse ? 0 : rows.Count, endRow = _reverse ? count - rows.Count : count;
        if (group.HasHidden && firstRow < endRow)
        {
            terms[used++] = _packsHidden
                ? new(HiddenPanels(rows), width, panel, H, firstRow, endRow, hidden, (nint)H * H)
                : new(StatesBefore(states, rows), P, width, H, firstRow, endRow, hidden, (nint)H * H);
        }
        else if (group.HasHidden)
        {
            for (int gate = 0; gate < group.Gates; gate++) RowMath.Clear(hidden + gate * (nint)H * H, (nint)units * H);
        }

        float* sums = _biasSums.Pointer + (nint)part * _weights.W + group.Offset * P + unit * group.Gates;
        dZ += rows.PartRow * _weights.W + group.Offset * P + unit * group.Gates;
        _kernels.WeightGradient(dZ, _weights.W, count, group.Gates, units, terms, used, sums, scratch);
        CopyBiases(group, unit, units, sums, target);
        if (_partial.IsLast(piece, pass.Parts)) AddParts(pass.Parts, group, unit, units, gradients);
    }

    /// <summary>From blocks of 16 units with all gates to gates with all units.</summary>
    private void CopyBiases(in GateGroup group, int unit, int units, float* sums, float* target)
    {
        for (int block = 0; block < units; block += Panel.UnitBlock)
        {
            for (int gate = 0; gate < group.Gates; gate++, sums += Panel.UnitBlock)
            {
                var source = new ReadOnlySpan<float>(sums, Math.Min(Panel.UnitBlock, units - block));
                int place = (group.FirstGate + gate) * H + unit + block;
                if (group.HasInput) source.CopyTo(new Span<float>(target + _weights.BiasInput.Offset + place, source.Length));
                if (group.HasHidden) source.CopyTo(new Span<float>(target + _weights.BiasHidden.Offset + place, source.Length));
            }
        }
    }

    private void AddParts(int parts, in GateGroup group, int unit, int units, float* gradients)
    {
        for (int gate = group.FirstGate; gate < group.FirstGate + group.Gates; gate++)
        {
            int row = gate * H + unit;
            if (group.HasInput) _partial.Add(parts, _weights.WeightInput, row, units, gradients);
            if (group.HasInput) _partial.Add(parts, _weights.BiasInput, row, units, gradients);
            if (group.HasHidden) _partial.Add(parts, _weights.WeightHidden, row, units, gradients);
            if (group.HasHidden) _partial.Add(parts, _weights.BiasHidden, row, units, gradients);
        }
    }

    /// <summary>The state before each row of a part; there is none before the rows of the first time step in the layer's direction.</summary>
    private float* StatesBefore(float* states, in SequenceRows rows) => states + (rows.PartRow + (_reverse ? rows.Step : -rows.Step)) * P;

    private float* InputPanels(in SequenceRows rows) => _inputPanels.Pointer + rows.PartRow * Panel.Length(1, I);

    private float* HiddenPanels(in SequenceRows rows) => _hiddenPanels.Pointer + rows.PartRow * Panel.Length(1, H);
}
