using MlnetClip.Kernels;
using MlnetClip.Parameters;

namespace MlnetClip.Inference;

/// <summary>The inputs of a batch by time step, [T, B, F + sizes of the embeddings], gathered from sequences that stand one after the other.</summary>
internal sealed unsafe class BatchInputs
{
    private readonly PackedModel _packed;
    private readonly int _features;
    private AlignedBuffer _rows = new(0);

    public BatchInputs(PackedModel packed)
    {
        _packed = packed;
        _features = packed.Model.Features;
        int columns = _features;
        foreach (Parameter table in packed.Tables) columns += table.Columns;
        RowLength = packed.Model.GathersInputs ? Panel.PadUnits(columns) : columns; // normalization reads padded rows
    }

    /// <summary>Floats of a row; the padding is zero.</summary>
    public int RowLength { get; }

    /// <summary>The rows.</summary>
    public float* Rows => _rows.Pointer;

    /// <summary>Makes room for batches of that size.</summary>
    public void Reserve(int timeSteps, int rows)
    {
        if (_rows.Length < (long)timeSteps * rows * RowLength) _rows = new AlignedBuffer((long)timeSteps * rows * RowLength);
    }

    /// <summary>Gathers one sequence.</summary>
    /// <param name="features">[T, F].</param>
    /// <param name="ids">[T, C].</param>
    /// <param name="length">T.</param>
    /// <param name="row">Its number in the batch.</param>
    /// <param name="rows">B.</param>
    public void Gather(float* features, int* ids, int length, int row, int rows)
    {
        float* target = _rows.Pointer + (nint)row * RowLength;
        nint next = (nint)rows * RowLength;
        for (int t = 0; t < length; t++, target += next)
        {
            for (int n = 0; n < _features; n++) target[n] = *features++;
            float* at = target + _features;
            foreach (Parameter table in _packed.Tables)
            {
                float* source = _packed.TableValues + table.Offset + (nint)(*ids++) * table.Columns;
                for (int n = 0; n < table.Columns; n++) *at++ = source[n];
            }
        }
    }
}
