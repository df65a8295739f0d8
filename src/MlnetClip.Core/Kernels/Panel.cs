namespace MlnetClip.Kernels;

/// <summary>
/// The packed form of a right-hand matrix B [K, N]: panels of w columns, each [K, w] and contiguous, the last one padded with zeros.
/// A tile of the product then reads B from front to back. w is that of the instruction path, <see cref="KernelSet.PanelWidth"/>.
/// </summary>
internal static class Panel
{
    /// <summary>Columns of the widest panels.</summary>
    public const int MaxWidth = 32;

    /// <summary>The number of hidden units whose gates are side by side, and the multiple to which the number of units is padded.</summary>
    public const int UnitBlock = 16;

    /// <summary>Floats that a packed matrix needs at most.</summary>
    public static int Length(int depth, int columns) => checked((columns + MaxWidth - 1) / MaxWidth * MaxWidth * depth);

    /// <summary>The number of hidden units with padding.</summary>
    public static int PadUnits(int units) => (units + UnitBlock - 1) / UnitBlock * UnitBlock;
}
