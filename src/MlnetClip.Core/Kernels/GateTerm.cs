namespace MlnetClip.Kernels;

/// <summary>One product of a sum of <see cref="GateTile{V}"/>: rows of A times the weights of a block of units.</summary>
/// <param name="A">Element (row, k) lies at row * ARow + k.</param>
/// <param name="ARow">Distance between rows of A.</param>
/// <param name="Weights">[Depth, 3 or 4, 16].</param>
/// <param name="Depth">K.</param>
internal readonly unsafe struct GateTerm(float* A, nint ARow, float* Weights, int Depth)
{
    public readonly float* A = A;
    public readonly nint ARow = ARow;
    public readonly float* Weights = Weights;
    public readonly int Depth = Depth;
}
