namespace MlnetClip.Kernels;

/// <summary>The kernels of prediction of one vector width, one call each. The formulas are documented with the kernels.</summary>
internal abstract unsafe class InferenceKernels
{
    /// <inheritdoc cref="GateSums{V}.Run"/>
    public abstract void GateSums(GateTerm input, int gates, int rows, float* bias, int blocks, float* sums);

    /// <inheritdoc cref="LstmRow{V}.Run"/>
    public abstract void LstmRow(float* z, float* h, float* weights, int depth, float* c, float* hNext, int blocks, bool descending);

    /// <inheritdoc cref="LstmRows{V}.Run"/>
    public abstract void LstmRows(RowsStep* step);

    /// <inheritdoc cref="GruRow{V}.Run"/>
    public abstract void GruRow(float* sums, float* h, float* weights, int depth, float* hNext, int blocks, bool descending);

    /// <inheritdoc cref="GruRows{V}.Run"/>
    public abstract void GruRows(RowsStep* step);

    /// <inheritdoc cref="RnnRows{V}.Run"/>
    public abstract void RnnRows(RowsStep* step, bool relu);
}

/// <inheritdoc/>
internal sealed unsafe class InferenceKernels<V> : InferenceKernels where V : unmanaged, ISimd<V>
{
    public override void GateSums(GateTerm input, int gates, int rows, float* bias, int blocks, float* sums) =>
        GateSums<V>.Run(input, gates, rows, bias, blocks, sums);

    public override void LstmRow(float* z, float* h, float* weights, int depth, float* c, float* hNext, int blocks, bool descending) =>
        LstmRow<V>.Run(z, h, weights, depth, c, hNext, blocks, descending);

    public override void LstmRows(RowsStep* step) => LstmRows<V>.Run(step);

    public override void GruRow(float* sums, float* h, float* weights, int depth, float* hNext, int blocks, bool descending) =>
        GruRow<V>.Run(sums, h, weights, depth, hNext, blocks, descending);

    public override void GruRows(RowsStep* step) => GruRows<V>.Run(step);

    public override void RnnRows(RowsStep* step, bool relu) => RnnRows<V>.Run(step, relu);
}
