using MlnetClip.Kernels;
using MlnetClip.Parameters;

namespace MlnetClip.Layers;

/// <summary>
/// The gradients of a layer's weights by part of the batch: the first part's are in the buffer of all gradients, to which those of the others are added in the order of
/// the parts. Whichever thread finishes the last part of a piece adds that piece, so the sum does not depend on the threads.
/// </summary>
internal sealed unsafe class PartialGradients
{
    private readonly nint _offset, _length; // of the layer's parameters, which are one after the other
    private readonly AlignedBuffer _others;
    private readonly int[] _finished; // parts of each piece

    /// <param name="parameters">The layer's parameters.</param>
    /// <param name="maxParts">The largest number of parts.</param>
    /// <param name="pieces">The number of pieces of each part.</param>
    public PartialGradients(IReadOnlyList<Parameter> parameters, int maxParts, int pieces)
    {
        _offset = parameters[0].Offset;
        _length = parameters[^1].Offset + parameters[^1].Length - _offset;
        _others = new AlignedBuffer((maxParts - 1) * (long)_length);
        _finished = new int[pieces];
    }

    /// <summary>Called once before the pieces of a step.</summary>
    public void Begin() => Array.Clear(_finished);

    /// <summary>The buffer of a part, indexed as that of all gradients.</summary>
    public float* Of(int part, float* gradients) => part == 0 ? gradients : _others.Pointer + ((part - 1) * _length - _offset);

    /// <summary>Whether this was the last part of a piece; the caller then adds it.</summary>
    public bool IsLast(int piece, int parts) => parts > 1 && Interlocked.Increment(ref _finished[piece]) == parts;

    /// <summary>Adds rows of a parameter's gradient.</summary>
    public void Add(int parts, Parameter parameter, int row, int rows, float* gradients)
    {
        nint start = parameter.Offset + (nint)row * parameter.Columns;
        var sum = new Span<float>(gradients + start, rows * parameter.Columns);
        for (int part = 1; part < parts; part++) AddInPlace.To(sum, new ReadOnlySpan<float>(Of(part, gradients) + start, sum.Length));
    }
}
