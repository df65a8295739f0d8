using MlnetClip.Kernels;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Layers;

/// <summary>The features of each time step with the embeddings of its ids after them, F + sum of sizes, in the order of the engine's rows.</summary>
internal sealed unsafe class InputLayer
{
    private readonly Parameter[] _tables;
    private readonly int _features;
    private readonly AlignedBuffer _outputs, _dOutputs;

    /// <param name="features">F.</param>
    /// <param name="tables">The embeddings' parameters.</param>
    /// <param name="maxTimeSteps">The largest T.</param>
    /// <param name="maxBatchSize">The largest B.</param>
    /// <param name="padded">True for rows padded to a multiple of 16 with zeros.</param>
    /// <param name="training">True to keep derivatives.</param>
    public InputLayer(int features, IReadOnlyList<Parameter> tables, int maxTimeSteps, int maxBatchSize, bool padded, bool training)
    {
        (_features, _tables) = (features, [.. tables]);
        Columns = features + _tables.Sum(table => table.Columns);
        RowLength = padded ? Panel.PadUnits(Columns) : Columns;
        long length = (long)maxTimeSteps * maxBatchSize * RowLength;
        _outputs = new AlignedBuffer(length + Panel.MaxWidth); // a last panel is read over its full width
        _dOutputs = new AlignedBuffer(training ? length : 0);
    }

    public int Columns { get; }

    public int RowLength { get; }

    public float* Outputs => _outputs.Pointer;

    public float* OutputGradients => _dOutputs.Pointer;

    /// <summary>One for each embedding.</summary>
    public int GradientPieces => _tables.Length;

    /// <summary>Gathers the rows of some sequences.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="features">[T, B, F].</param>
    /// <param name="ids">[T, B, C]; each must be a row of its embedding.</param>
    /// <param name="values">The flat buffer of all parameters.</param>
    /// <param name="rows">The sequences.</param>
    public void Forward(in Pass pass, float* features, int* ids, float* values, in SequenceRows rows)
    {
        for (int t = 0; t < pass.TimeSteps; t++)
        {
            nint source = (nint)t * pass.BatchSize + rows.First;
            float* target = _outputs.Pointer + rows.At(t) * RowLength;
            if (RowLength == _features)
            {
                new ReadOnlySpan<float>(features + source * _features, rows.Count * _features).CopyTo(new Span<float>(target, rows.Count * _features));
                continue;
            }

            for (nint end = source + rows.Count; source < end; source++, target += RowLength)
                Gather(features + source * _features, ids + source * _tables.Length, values, target);
        }
    }

    private void Gather(float* features, int* ids, float* values, float* target)
    {
        new ReadOnlySpan<float>(features, _features).CopyTo(new Span<float>(target, _features));
        target += _features;
        for (int j = 0; j < _tables.Length; j++)
        {
            int size = _tables[j].Columns;
            new ReadOnlySpan<float>(values + _tables[j].Offset + (nint)ids[j] * size, size).CopyTo(new Span<float>(target, size));
            target += size;
        }
    }

    /// <summary>The gradient of one embedding: the derivatives of its vectors summed by id, in the order of time step and sequence.</summary>
    public void Gradients(in Pass pass, int table, int* ids, float* gradients)
    {
        int size = _tables[table].Columns, column = _features;
        for (int j = 0; j < table; j++) column += _tables[j].Columns;
        float* gradient = gradients + _tables[table].Offset;
        RowMath.Clear(gradient, _tables[table].Length);
        for (int t = 0; t < pass.TimeSteps; t++)
        {
            for (int b = 0; b < pass.BatchSize; b++)
            {
                if (t >= pass.LengthOf(b)) continue;
                float* source = _dOutputs.Pointer + pass.RowOf(t, b) * RowLength + column;
                float* target = gradient + (nint)ids[((nint)t * pass.BatchSize + b) * _tables.Length + table] * size;
                for (int n = 0; n < size; n++) target[n] += source[n];
            }
        }
    }
}
