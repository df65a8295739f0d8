using MlnetClip.Kernels;

namespace MlnetClip.Layers;

/// <summary>
/// Pools the top layer's outputs for the head, T rows of O of each sequence to [B, O], and its derivative. Padding is excluded. Columns from
/// <c>reverseFrom</c> on belong to the backward direction, whose last state is at the first time step.
/// </summary>
internal sealed unsafe class Pooler
{
    private readonly Pooling _pooling;
    private readonly int _columns, _rowLength, _reverseFrom;
    private readonly AlignedBuffer _pooled, _dPooled;
    private readonly int[] _largest; // of Max: the time step of each maximum, [B, O]

    /// <param name="pooling">Last, Mean or Max; EveryStep needs no pooling.</param>
    /// <param name="columns">O of the top layer.</param>
    /// <param name="rowLength">Its row length.</param>
    /// <param name="reverseFrom">The first column of the backward direction; O without one.</param>
    /// <param name="maxBatchSize">The largest B.</param>
    public Pooler(Pooling pooling, int columns, int rowLength, int reverseFrom, int maxBatchSize)
    {
        (_pooling, _columns, _rowLength, _reverseFrom) = (pooling, columns, rowLength, reverseFrom);
        _pooled = new AlignedBuffer((long)maxBatchSize * rowLength + Panel.MaxWidth); // a last panel is read over its full width
        _dPooled = new AlignedBuffer((long)maxBatchSize * rowLength);
        _largest = new int[pooling == Pooling.Max ? checked(maxBatchSize * columns) : 0];
    }

    /// <summary>[B, row length].</summary>
    public float* Outputs => _pooled.Pointer;

    /// <summary>The derivatives with respect to <see cref="Outputs"/>.</summary>
    public float* OutputGradients => _dPooled.Pointer;

    /// <summary>Pools sequences [first, end).</summary>
    public void Forward(in Pass pass, float* x, int first, int end)
    {
        for (int b = first; b < end; b++)
        {
            float* y = _pooled.Pointer + (nint)b * _rowLength;
            int length = pass.LengthOf(b);
            switch (_pooling)
            {
                case Pooling.Last:
                    new ReadOnlySpan<float>(Row(pass, x, length - 1, b), _reverseFrom).CopyTo(new Span<float>(y, _columns));
                    new ReadOnlySpan<float>(Row(pass, x, 0, b) + _reverseFrom, _columns - _reverseFrom).CopyTo(new Span<float>(y + _reverseFrom, _columns - _reverseFrom));
                    break;
                case Pooling.Mean:
                    RowMath.Clear(y, _rowLength);
                    for (int t = 0; t < length; t++) RowMath.Add(Row(pass, x, t, b), y, _rowLength);
                    RowMath.Scale(y, 1f / length, y, _rowLength);
                    break;
                default:
                    Maximum(pass, x, y, length, b);
                    break;
            }
        }
    }

    /// <summary>Derivatives of sequences [first, end) at all time steps, from those with respect to <see cref="Outputs"/>.</summary>
    public void Backward(in Pass pass, float* dX, int first, int end)
    {
        for (int t = 0; t < pass.TimeSteps; t++) RowMath.Clear(Row(pass, dX, t, first), (nint)(end - first) * _rowLength);
        for (int b = first; b < end; b++)
        {
            float* dY = _dPooled.Pointer + (nint)b * _rowLength;
            int length = pass.LengthOf(b);
            switch (_pooling)
            {
                case Pooling.Last:
                    new ReadOnlySpan<float>(dY, _reverseFrom).CopyTo(new Span<float>(Row(pass, dX, length - 1, b), _columns));
                    new ReadOnlySpan<float>(dY + _reverseFrom, _columns - _reverseFrom)
                        .CopyTo(new Span<float>(Row(pass, dX, 0, b) + _reverseFrom, _columns - _reverseFrom));
                    break;
                case Pooling.Mean:
                    for (int t = 0; t < length; t++) RowMath.Scale(dY, 1f / length, Row(pass, dX, t, b), _rowLength);
                    break;
                default:
                    for (int n = 0; n < _columns; n++) Row(pass, dX, _largest[b * _columns + n], b)[n] = dY[n];
                    break;
            }
        }
    }

    private float* Row(in Pass pass, float* rows, int t, int b) => rows + pass.RowOf(t, b) * _rowLength;

    /// <summary>Computes the maximum of each column and its time step: the first one if several are equal, NaN if one is NaN.</summary>
    private void Maximum(in Pass pass, float* x, float* y, int length, int b)
    {
        new ReadOnlySpan<float>(Row(pass, x, 0, b), _columns).CopyTo(new Span<float>(y, _columns));
        Span<int> steps = _largest.AsSpan(b * _columns, _columns);
        steps.Clear();
        for (int t = 1; t < length; t++)
        {
            float* row = Row(pass, x, t, b);
            for (int n = 0; n < _columns; n++)
            {
                if (!(row[n] > y[n] || (float.IsNaN(row[n]) && !float.IsNaN(y[n])))) continue;
                y[n] = row[n];
                steps[n] = t;
            }
        }
    }
}
