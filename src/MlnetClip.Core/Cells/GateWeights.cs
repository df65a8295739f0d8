using MlnetClip.Kernels;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Cells;

/// <summary>The packed weights of a recurrent layer (of one direction) for the matrix products, group by group.</summary>
internal sealed unsafe class GateWeights
{
    private readonly Parameter _weightInput, _weightHidden, _biasInput, _biasHidden;
    private readonly bool _needsInputGradient;
    private readonly AlignedBuffer?[] _input, _inputBackward, _hidden, _hiddenBackward; // by group
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
        (_input, _inputBackward) = (new AlignedBuffer?[groups], new AlignedBuffer?[groups]);
        (_hidden, _hiddenBackward) = (new AlignedBuffer?[groups], new AlignedBuffer?[groups]);
        for (int g = 0; g < groups; g++)
        {
            int sums = cell.Groups[g].Gates * P;
            if (cell.Groups[g].HasInput) _input[g] = new AlignedBuffer(Panel.Length(I, sums));
            if (cell.Groups[g].HasHidden) _hidden[g] = new AlignedBuffer(Panel.Length(H, sums));
            if (needsInputGradient && cell.Groups[g].HasInput) _inputBackward[g] = new AlignedBuffer(Panel.Length(sums, I));
            if (cell.Groups[g].HasHidden) _hiddenBackward[g] = new AlignedBuffer(Panel.Length(sums, H));
        }

        _bias = new AlignedBuffer(Panel.Length(1, W));
    }

    /// <summary>Pieces of <see cref="Pack"/>.</summary>
    public const int Pieces = 4;

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

    /// <summary>W_ih^T of a group, packed.</summary>
    public float* Input(int group) => _input[group]!.Pointer;

    /// <summary>W_ih of a group, packed.</summary>
    public float* InputBackward(int group) => _inputBackward[group]!.Pointer;

    /// <summary>W_hh^T of a group, packed.</summary>
    public float* Hidden(int group) => _hidden[group]!.Pointer;

    /// <summary>W_hh of a group, packed.</summary>
    public float* HiddenBackward(int group) => _hiddenBackward[group]!.Pointer;

    /// <summary>The biases of a row of sums, [W].</summary>
    public float* Bias => _bias.Pointer;

    /// <summary>Packs the weights for the matrix products.</summary>
    /// <param name="piece">0 to <see cref="Pieces"/> - 1; pieces may be done in any order and by any thread.</param>
    /// <param name="values">The flat buffer of all parameters.</param>
    public void Pack(int piece, float* values)
    {
        for (int g = 0; g < Cell.Groups.Count; g++)
        {
            GateGroup group = Cell.Groups[g];
            float* input = values + _weightInput.Offset + (nint)group.FirstGate * H * I;
            float* hidden = values + _weightHidden.Offset + (nint)group.FirstGate * H * H;
            int row = group.FirstGate * H;
            switch (piece)
            {
                case 0 when group.HasHidden:
                    PackWeights.Forward(hidden, group.Gates, H, H, Hidden(g), Cell.PanelWidth);
                    break;
                case 1:
                    if (group.HasInput) PackWeights.Forward(input, group.Gates, H, I, Input(g), Cell.PanelWidth);
                    PackWeights.Bias(
                        group.HasInput ? values + _biasInput.Offset + row : null, group.HasHidden ? values + _biasHidden.Offset + row : null,
                        group.Gates, H, Bias + group.Offset * P);
                    break;
                case 2 when group.HasHidden:
                    PackWeights.Backward(hidden, group.Gates, H, H, HiddenBackward(g), Cell.PanelWidth);
                    break;
                case 3 when group.HasInput && _needsInputGradient:
                    PackWeights.Backward(input, group.Gates, H, I, InputBackward(g), Cell.PanelWidth);
                    break;
            }
        }
    }
}
