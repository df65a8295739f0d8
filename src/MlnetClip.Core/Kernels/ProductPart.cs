namespace MlnetClip.Kernels;

/// <summary>A range of k of a term, in one panel, and what its tiles prefetch.</summary>
/// <param name="term">The term.</param>
/// <param name="panel">The panel of B.</param>
/// <param name="k">The first k.</param>
/// <param name="depth">The number of k.</param>
/// <param name="ahead">What is prefetched; the tiles take it in turn.</param>
/// <param name="aheadStep">Bytes from one prefetch to the next, of which each tile makes one for each k.</param>
internal readonly unsafe struct ProductPart(in Product term, nint panel, nint k, int depth, float* ahead, nint aheadStep)
{
    public readonly float* A = term.A + k * term.AStep;
    public readonly float* B = term.B + panel * term.BPanel + k * term.BStep;
    public readonly nint ARow = term.ARow;
    public readonly nint AStep = term.AStep;
    public readonly nint BStep = term.BStep;
    public readonly int Depth = depth;
    public readonly byte* Ahead = (byte*)ahead;
    public readonly nint AheadStep = aheadStep;

    /// <summary>The step with which <paramref name="tiles"/> tiles prefetch a panel of the same depth.</summary>
    public static int Share(int width, int tiles) => (width * sizeof(float) + tiles - 1) / tiles;
}
