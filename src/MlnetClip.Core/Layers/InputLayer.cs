using MlnetClip.Kernels;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Layers;

/// <summary>The features of each time step with the embeddings of its ids after them, [T, B, F + sum of sizes].</summary>
internal sealed unsafe class InputLayer
{
    private readonly Parameter[] _tables;
    private readonly int _features;
    private readonly AlignedBuffer _outputs, _dOutputs;

    /// <param name="features">F.</param>
    /// <param name="tables">The embeddings' parameters.</param>
    /// <param name="maxTimeSteps">The largest T.</param>
    /// <param name="maxBatchSize">The largest B.</param>
    /// <param name="training">True to keep derivatives.</param>
    public InputLayer(int features, IReadOnlyList<Parameter> tables, int maxTimeSteps, int maxBatchSize, bool training = true)
    {
        (_features, _tables) = (features, [.. tables]);
        Columns = features + _tables.Sum(table => table.Columns);
        RowLength = Panel.PadUnits(Columns);
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

    /// <summary>Rows of sequences [first, end).</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="features">[T, B, F].</param>
    /// <param name="ids">[T, B, C]; each must be a row of its embedding.</param>
    /// <param name="values">The flat buffer of all parameters.</param>
    /// <param name="first">First sequence.</param>
    /// <param name="end">Sequence after the last.</param>
    public void Forward(in Pass pass, float* features, int* ids, float* values, int first, int end)
    {
        for (int t = 0; t < pass.TimeSteps; t++)
        {
            for (int b = first; b < end; b++)
            {
                nint row = (nint)t * pass.BatchSize + b;
                float* target = _outputs.Pointer + row * RowLength;
                new ReadOnlySpan<float>(features + row * _features, _features).CopyTo(new Span<float>(target, _features));
                target += _features;
                for (int j = 0; j < _tables.Length; j++)
                {
                    int size = _tables[j].Columns;
                    float* source = values + _tables[j].Offset + (nint)ids[row * _tables.Length + j] * size;
                    new ReadOnlySpan<float>(source, size).CopyTo(new Span<float>(target, size));
                    target += size;
                }
            }
        }
    }

    /// <summary>The gradient of one embedding: the derivatives of its vectors summed by id, in the order of the rows.</summary>
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
                nint row = (nint)t * pass.BatchSize + b;
                float* source = _dOutputs.Pointer + row * RowLength + column;
                float* target = gradient + (nint)ids[row * _tables.Length + table] * size;
                for (int n = 0; n < size; n++) target[n] += source[n];
            }
        }
    }
}
