namespace MlnetClip.Kernels;

/// <summary>
/// The packed form of a right-hand matrix B [K, N]: panels of 32 columns, each [K, 32] and contiguous, the last one padded with zeros.
/// A tile of the product then reads B from front to back.
/// </summary>
internal static class Panel
{
    /// <summary>Columns of a panel.</summary>
    public const int Width = 32;

    /// <summary>The number of hidden units whose gates are side by side, and the multiple to which the number of units is padded.</summary>
    public const int UnitBlock = 16;

    /// <summary>Floats of a packed matrix.</summary>
    public static int Length(int depth, int columns) => checked((columns + Width - 1) / Width * Width * depth);

    /// <summary>The number of hidden units with padding.</summary>
    public static int PadUnits(int units) => (units + UnitBlock - 1) / UnitBlock * UnitBlock;
}
