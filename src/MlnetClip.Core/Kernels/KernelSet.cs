namespace MlnetClip.Kernels;

/// <summary>The kernels of one vector width, one call each. The formulas are documented with the kernels.</summary>
internal abstract unsafe class KernelSet
{
    /// <summary>Floats of scratch that <see cref="WeightGradient"/> needs.</summary>
    public const int ScratchLength = WeightGradient<Simd1>.ScratchLength;

    /// <summary>Inputs of up to this many columns need no padding after them for <see cref="WeightGradient"/>.</summary>
    public const int NarrowColumns = WeightGradient<Simd1>.NarrowColumns;

    /// <summary>The most units of a call of <see cref="WeightGradient"/>.</summary>
    public const int GradientUnits = WeightGradient<Simd1>.MaxUnits;

    /// <summary>The kernels of the widest path of this processor.</summary>
    public static KernelSet Best { get; } = For(KernelPaths.Best);

    /// <summary>The kernels of a path, which the processor must have.</summary>
    public static KernelSet For(KernelPath path)
    {
        if (!KernelPaths.IsSupported(path))
            throw new NotSupportedException($"This processor does not support {path}; its widest instruction path is {KernelPaths.Best}.");
        return path switch
        {
            KernelPath.Vector512 => new KernelSet<Simd16>(),
            KernelPath.Vector256 => new KernelSet<Simd8>(),
            KernelPath.Vector128 => new KernelSet<Simd4>(),
            _ => new KernelSet<Simd1>(),
        };
    }

    /// <summary>The kernels of prediction.</summary>
    public abstract InferenceKernels Inference { get; }

    /// <inheritdoc cref="Multiply{V}.PanelWidth"/>
    public abstract int PanelWidth { get; }

    /// <summary>Rows of <paramref name="a"/> times a matrix that is packed in panels of <see cref="PanelWidth"/>.</summary>
    public Product RowsTimes(float* a, nint aRow, float* packed, int depth) => new(a, aRow, 1, packed, PanelWidth, (nint)PanelWidth * depth, depth);

    /// <inheritdoc cref="Multiply{V}.Rows"/>
    public abstract void Multiply(Product* terms, int count, int rows, int columns, float* initial, nint initialRow, float* c, nint cRow);

    /// <inheritdoc cref="LstmPointwise{V}.Forward"/>
    public abstract void LstmForward(float* gates, float* cPrevious, float* c, float* h, int blocks);

    /// <inheritdoc cref="LstmPointwise{V}.Backward"/>
    public abstract void LstmBackward(float* gates, float* cPrevious, float* h, float* dH, float* dC, int blocks, nint next);

    /// <inheritdoc cref="TanhPointwise{V}.Forward"/>
    public abstract void TanhForward(float* z, float* h, int length);

    /// <inheritdoc cref="TanhPointwise{V}.Backward"/>
    public abstract void TanhBackward(float* dZ, float* h, float* dH, int length);

    /// <inheritdoc cref="ReluPointwise{V}.Forward"/>
    public abstract void ReluForward(float* z, float* h, int length);

    /// <inheritdoc cref="ReluPointwise{V}.Backward"/>
    public abstract void ReluBackward(float* dZ, float* h, float* dH, int length);

    /// <inheritdoc cref="GruPointwise{V}.Forward"/>
    public abstract void GruForward(float* sums, float* hPrevious, float* h, int rows, int padded);

    /// <inheritdoc cref="GruPointwise{V}.Backward"/>
    public abstract void GruBackward(float* sums, float* hPrevious, float* dH, float* carry, int rows, int padded);

    /// <inheritdoc cref="LayerNormalization{V}.Forward"/>
    public abstract void LayerNormForward(
        float* x, nint xRow, float* y, float* statistics, float* parameters, int rows, int columns, int padded, float epsilon);

    /// <inheritdoc cref="LayerNormalization{V}.Backward"/>
    public abstract void LayerNormBackward(
        float* x, nint xRow, float* dY, float* dX, nint dXRow, float* statistics, float* parameters, int rows, int columns, int padded);

    /// <inheritdoc cref="LayerNormalization{V}.Gradients"/>
    public abstract void LayerNormGradients(float* x, nint xRow, float* dY, nint dYRow, float* statistics, int rows, float* sums);

    /// <inheritdoc cref="WeightGradient{V}.Run"/>
    public abstract void WeightGradient(
        float* dZ, nint dZRow, int rows, int gates, int units, GradientTerm* terms, int count, float* sums, float* scratch);
}

/// <inheritdoc/>
internal sealed unsafe class KernelSet<V> : KernelSet where V : unmanaged, ISimd<V>
{
    public override InferenceKernels Inference { get; } = new InferenceKernels<V>();

    public override int PanelWidth => Multiply<V>.PanelWidth;

    public override void Multiply(Product* terms, int count, int rows, int columns, float* initial, nint initialRow, float* c, nint cRow) =>
        Multiply<V>.Rows(terms, count, rows, columns, initial, initialRow, c, cRow);

    public override void LstmForward(float* gates, float* cPrevious, float* c, float* h, int blocks) =>
        LstmPointwise<V>.Forward(gates, cPrevious, c, h, blocks);

    public override void LstmBackward(float* gates, float* cPrevious, float* h, float* dH, float* dC, int blocks, nint next) =>
        LstmPointwise<V>.Backward(gates, cPrevious, h, dH, dC, blocks, next);

    public override void TanhForward(float* z, float* h, int length) => TanhPointwise<V>.Forward(z, h, length);

    public override void TanhBackward(float* dZ, float* h, float* dH, int length) => TanhPointwise<V>.Backward(dZ, h, dH, length);

    public override void ReluForward(float* z, float* h, int length) => ReluPointwise<V>.Forward(z, h, length);

    public override void ReluBackward(float* dZ, float* h, float* dH, int length) => ReluPointwise<V>.Backward(dZ, h, dH, length);

    public override void GruForward(float* sums, float* hPrevious, float* h, int rows, int padded) =>
        GruPointwise<V>.Forward(sums, hPrevious, h, rows, padded);

    public override void GruBackward(float* sums, float* hPrevious, float* dH, float* carry, int rows, int padded) =>
        GruPointwise<V>.Backward(sums, hPrevious, dH, carry, rows, padded);

    public override void LayerNormForward(
        float* x, nint xRow, float* y, float* statistics, float* parameters, int rows, int columns, int padded, float epsilon) =>
        LayerNormalization<V>.Forward(x, xRow, y, statistics, parameters, rows, columns, padded, epsilon);

    public override void LayerNormBackward(
        float* x, nint xRow, float* dY, float* dX, nint dXRow, float* statistics, float* parameters, int rows, int columns, int padded) =>
        LayerNormalization<V>.Backward(x, xRow, dY, dX, dXRow, statistics, parameters, rows, columns, padded);

    public override void LayerNormGradients(float* x, nint xRow, float* dY, nint dYRow, float* statistics, int rows, float* sums) =>
        LayerNormalization<V>.Gradients(x, xRow, dY, dYRow, statistics, rows, sums);

    public override void WeightGradient(
        float* dZ, nint dZRow, int rows, int gates, int units, GradientTerm* terms, int count, float* sums, float* scratch) =>
        WeightGradient<V>.Run(dZ, dZRow, rows, gates, units, terms, count, sums, scratch);
}
