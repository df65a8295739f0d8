namespace MlnetClip.Kernels;

/// <summary>
/// One term A B of a sum of matrix products, as positions in memory. A is read with two strides, so that it may be
/// transposed; B consists of panels of w columns (<see cref="Panel"/>).
/// </summary>
/// <param name="A">Element (m, k) lies at m * ARow + k * AStep.</param>
/// <param name="ARow">Distance between rows of A.</param>
/// <param name="AStep">Distance between successive k of A.</param>
/// <param name="B">Element (k, n) lies at n / w * BPanel + k * BStep + n % w. The last panel is read over its full width.</param>
/// <param name="BStep">Distance between successive k of B.</param>
/// <param name="BPanel">Distance between panels of B.</param>
/// <param name="Depth">K.</param>
internal readonly unsafe struct Product(float* A, nint ARow, nint AStep, float* B, nint BStep, nint BPanel, int Depth)
{
    public readonly float* A = A;
    public readonly nint ARow = ARow;
    public readonly nint AStep = AStep;
    public readonly float* B = B;
    public readonly nint BStep = BStep;
    public readonly nint BPanel = BPanel;
    public readonly int Depth = Depth;
}
