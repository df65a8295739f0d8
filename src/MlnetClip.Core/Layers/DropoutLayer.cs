using MlnetClip.Kernels;

namespace MlnetClip.Layers;

/// <summary>Dropout of a layer's outputs, see <see cref="Dropout"/>; nothing outside training.</summary>
internal sealed unsafe class DropoutLayer : Layer
{
    private readonly float _probability;
    private readonly int _index;
    private readonly AlignedBuffer _dropped;

    /// <param name="columns">Columns of what is dropped.</param>
    /// <param name="rowLength">Its row length.</param>
    /// <param name="gradientsBelow">The output gradients of what is below, which <see cref="Backward"/> changes in place.</param>
    /// <param name="probability">p, 0 or more and below 1.</param>
    /// <param name="place">Where the layer is in the model.</param>
    public DropoutLayer(int columns, int rowLength, float* gradientsBelow, float probability, LayerPlace place)
    {
        (Columns, RowLength, _probability, _index) = (columns, rowLength, probability, place.Index);
        OutputGradients = gradientsBelow;
        _dropped = new AlignedBuffer((long)place.MaxTimeSteps * place.MaxBatchSize * rowLength + Panel.MaxWidth); // a last panel is read over its full width
    }

    public override int Columns { get; }

    public override int RowLength { get; }

    public override float* OutputGradients { get; }

    public override float* Outputs(in Pass pass, float* x) => pass.DropoutSeed is null ? x : _dropped.Pointer;

    public override void Forward(in Pass pass, float* x, int xRow, in SequenceRows rows)
    {
        if (pass.DropoutSeed is { } seed) Drop(pass, seed, x, _dropped.Pointer, rows);
    }

    public override void Backward(in Pass pass, float* x, int xRow, float* dX, int dXRow, bool lastStepOnly, in SequenceRows rows)
    {
        if (dX != null && pass.DropoutSeed is { } seed) Drop(pass, seed, dX, dX, rows);
    }

    private void Drop(in Pass pass, ulong seed, float* source, float* target, in SequenceRows rows)
    {
        for (int t = 0; t < pass.TimeSteps; t++)
        {
            nint offset = rows.At(t) * RowLength;
            Dropout.Apply(source + offset, target + offset, t * pass.BatchSize + rows.First, rows.Count, RowLength, _probability, seed, _index);
        }
    }
}
