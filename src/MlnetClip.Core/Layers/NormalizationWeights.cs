using MlnetClip.Kernels;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Layers;

/// <summary>Weight, bias and column mask of a layer normalization, padded: [3, padded].</summary>
internal sealed unsafe class NormalizationWeights
{
    private readonly AlignedBuffer _packed;

    public NormalizationWeights(IReadOnlyList<Parameter> parameters)
    {
        (Weight, Bias) = (parameters[0], parameters[1]);
        Columns = Weight.Rows;
        Padded = Panel.PadUnits(Columns);
        _packed = new AlignedBuffer(3L * Padded);
        _packed.Span.Slice(2 * Padded, Columns).Fill(1f);
    }

    public Parameter Weight { get; }

    public Parameter Bias { get; }

    public int Columns { get; }

    public int Padded { get; }

    public float* Packed => _packed.Pointer;

    public void Pack(float* values)
    {
        new ReadOnlySpan<float>(values + Weight.Offset, Columns).CopyTo(_packed.Span);
        new ReadOnlySpan<float>(values + Bias.Offset, Columns).CopyTo(_packed.Span[Padded..]);
    }
}
