using MlnetClip.Kernels;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Cells;

/// <summary>
/// The packed weights of a recurrent layer (of one direction) for the matrix products, group by group: for the forward pass or, in the same memory, for the backward one.
/// </summary>
internal sealed unsafe class GateWeights
{
    private readonly Parameter _weightInput, _weightHidden, _biasInput, _biasHidden;
    private readonly bool _needsInputGradient;
    private readonly AlignedBuffer?[] _input, _hidden; // by group
    private readonly AlignedBuffer _bias;

    /// <param name="cell">The cell.</param>
    /// <param name="parameters">weight_ih, weight_hh, bias_ih and bias_hh.</param>
    /// <param name="needsInputGradient">True when the layer below is trained too.</param>
    public GateWeights(Cell cell, IReadOnlyList<Parameter> parameters, bool needsInputGradient)
    {
        Cell = cell;
        (_weightInput, _weightHidden, _biasInput, _biasHidden) = (parameters[0], parameters[1], parameters[2], parameters[3]);
        _needsInputGradient = needsInputGradient;
        (I, H) = (_weightInput.Columns, _weightHidden.Columns);
        P = Panel.PadUnits(H);
        W = cell.SumsPerUnit * P;
        int groups = cell.Groups.Count;
        (_input, _hidden) = (new AlignedBuffer?[groups], new AlignedBuffer?[groups]);
        for (int g = 0; g < groups; g++)
        {
            int sums = cell.Groups[g].Gates * P;
            if (cell.Groups[g].HasInput) _input[g] = new AlignedBuffer(Math.Max(Panel.Length(I, sums), needsInputGradient ? Panel.Length(sums, I) : 0));
            if (cell.Groups[g].HasHidden) _hidden[g] = new AlignedBuffer(Math.Max(Panel.Length(H, sums), Panel.Length(sums, H)));
        }

        _bias = new AlignedBuffer(Panel.Length(1, W));
    }

    /// <summary>Pieces of <see cref="PackForward"/> and of <see cref="PackBackward"/>.</summary>
    public int Pieces => 2 * Slices;

    private int Slices => Math.Clamp(P / 32, 1, 16);

    /// <summary>The cell.</summary>
    public Cell Cell { get; }

    /// <summary>I: inputs per time step.</summary>
    public int I { get; }

    /// <summary>H: hidden units.</summary>
    public int H { get; }

    /// <summary>P: H rounded up to a multiple of 16.</summary>
    public int P { get; }

    /// <summary>W: floats in a row of sums.</summary>
    public int W { get; }

    /// <summary>The positions of the weights in the flat buffers.</summary>
    public Parameter WeightInput => _weightInput;

    /// <inheritdoc cref="WeightInput"/>
    public Parameter WeightHidden => _weightHidden;

    /// <inheritdoc cref="WeightInput"/>
    public Parameter BiasInput => _biasInput;

    /// <inheritdoc cref="WeightInput"/>
    public Parameter BiasHidden => _biasHidden;

    /// <summary>The input's weights of a group, packed last for the forward pass (W_ih^T) or the backward one (W_ih).</summary>
    public float* Input(int group) => _input[group]!.Pointer;

    /// <summary>The hidden state's weights of a group, packed as <see cref="Input"/>.</summary>
    public float* Hidden(int group) => _hidden[group]!.Pointer;

    /// <summary>The biases of a row of sums, [W].</summary>
    public float* Bias => _bias.Pointer;

    /// <summary>Packs the weights and biases for the products of the forward pass.</summary>
    /// <param name="piece">0 to <see cref="Pieces"/> - 1; pieces may be done in any order and by any thread.</param>
    /// <param name="values">The flat buffer of all parameters.</param>
    public void PackForward(int piece, float* values)
    {
        int slice = piece / 2;
        for (int g = 0; g < Cell.Groups.Count; g++)
        {
            GateGroup group = Cell.Groups[g];
            int row = group.FirstGate * H;
            if (piece % 2 == 0 && group.HasHidden) PackWeights.Forward(HiddenOf(group, values), group.Gates, H, H, Hidden(g), Cell.PanelWidth, slice, Slices);
            if (piece % 2 == 1 && group.HasInput) PackWeights.Forward(InputOf(group, values), group.Gates, H, I, Input(g), Cell.PanelWidth, slice, Slices);
            if (piece != 1) continue;
            PackWeights.Bias(
                group.HasInput ? values + _biasInput.Offset + row : null, group.HasHidden ? values + _biasHidden.Offset + row : null,
                group.Gates, H, Bias + group.Offset * P);
        }
    }

    /// <summary>Packs the weights for the products of the backward pass, in place of those of the forward pass.</summary>
    /// <inheritdoc cref="PackForward"/>
    public void PackBackward(int piece, float* values)
    {
        int slice = piece / 2;
        for (int g = 0; g < Cell.Groups.Count; g++)
        {
            GateGroup group = Cell.Groups[g];
            if (piece % 2 == 0 && group.HasHidden) PackWeights.Backward(HiddenOf(group, values), group.Gates, H, H, Hidden(g), Cell.PanelWidth, slice, Slices);
            if (piece % 2 == 1 && group.HasInput && _needsInputGradient)
                PackWeights.Backward(InputOf(group, values), group.Gates, H, I, Input(g), Cell.PanelWidth, slice, Slices);
        }
    }

    private float* InputOf(GateGroup group, float* values) => values + _weightInput.Offset + (nint)group.FirstGate * H * I;

    private float* HiddenOf(GateGroup group, float* values) => values + _weightHidden.Offset + (nint)group.FirstGate * H * H;
}
