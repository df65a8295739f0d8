using MlnetClip.Kernels;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Layers;

/// <summary>The dense head's weights, packed for the matrix products.</summary>
internal sealed unsafe class DenseWeights
{
    private readonly AlignedBuffer _forward, _backward, _bias;
    private readonly int _panelWidth;
    private readonly bool _training;

    /// <param name="parameters">Weight [O, H] and bias [O].</param>
    /// <param name="panelWidth">Columns of a panel.</param>
    /// <param name="training">True to pack for the backward pass too.</param>
    public DenseWeights(IReadOnlyList<Parameter> parameters, int panelWidth, bool training)
    {
        (Weight, BiasParameter, _panelWidth, _training) = (parameters[0], parameters[1], panelWidth, training);
        (O, H) = (Weight.Rows, Weight.Columns);
        PaddedOutputs = Panel.PadUnits(O);
        _forward = new AlignedBuffer(Panel.Length(H, O));
        _backward = new AlignedBuffer(training ? Panel.Length(PaddedOutputs, H) : 0);
        _bias = new AlignedBuffer(Panel.Length(1, O));
    }

    public Parameter Weight { get; }

    public Parameter BiasParameter { get; }

    /// <summary>O: outputs.</summary>
    public int O { get; }

    /// <summary>H: inputs.</summary>
    public int H { get; }

    public int PaddedOutputs { get; }

    public float* Forward => _forward.Pointer;

    public float* Backward => _backward.Pointer;

    public float* Bias => _bias.Pointer;

    public void Pack(float* values)
    {
        PackWeights.Forward(values + Weight.Offset, 1, O, H, _forward.Pointer, _panelWidth);
        if (_training) PackWeights.Backward(values + Weight.Offset, 1, O, H, _backward.Pointer, _panelWidth);
        new ReadOnlySpan<float>(values + BiasParameter.Offset, O).CopyTo(_bias.Span);
    }
}
