using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>
/// The one matrix kernel of the engine: C[m, n] = C0[m, n] + sum over terms and k of A[m, k] * B[k, n], in tiles that stay in
/// registers over the whole sum. C0 is C itself (accumulate), a bias (row stride 0) or zeros.
/// </summary>
/// <remarks>
/// Each element is one chain of multiply-adds over the terms and ascending k, whatever tile it falls into: results do not depend
/// on how rows are shared out among threads, and the form for a single row gives the same bits.
/// </remarks>
internal static unsafe class Multiply<V> where V : unmanaged, ISimd<V>
{
    private const int TileRows = 8;

    /// <summary>All rows times all panels.</summary>
    /// <param name="terms">The products to add up.</param>
    /// <param name="count">Number of terms, 1 or more.</param>
    /// <param name="rows">M, 1 or more.</param>
    /// <param name="columns">N, 1 or more.</param>
    /// <param name="initial">C0.</param>
    /// <param name="initialRow">Distance between rows of C0.</param>
    /// <param name="c">Receives C; may be C0.</param>
    /// <param name="cRow">Distance between rows of C.</param>
    public static void Rows(Product* terms, int count, int rows, int columns, float* initial, nint initialRow, float* c, nint cRow)
    {
        int panel = 0;
        if (rows == 1)
        {
            for (; (panel + RowPanels) * Panel.Width <= columns; panel += RowPanels)
                Row(terms, count, panel, initial + panel * Panel.Width, c + panel * Panel.Width);
        }

        for (; panel * Panel.Width < columns; panel++)
        {
            int width = Math.Min(Panel.Width, columns - panel * Panel.Width);
            for (int row = 0; row < rows; row += TileRows)
            {
                Tile(terms, count, row, Math.Min(TileRows, rows - row), panel, width,
                    initial + row * initialRow + panel * Panel.Width, initialRow, c + row * cRow + panel * Panel.Width, cRow);
            }
        }
    }

    /// <summary>At most 8 rows and 32 columns of C; fewer columns go through a full tile on the stack.</summary>
    private static void Tile(
        Product* terms, int count, int row, int rows, int panel, int width, float* initial, nint initialRow, float* c, nint cRow)
    {
        if (width == Panel.Width)
        {
            FullTile(terms, count, row, rows, panel, initial, initialRow, c, cRow);
            return;
        }

        float* full = stackalloc float[TileRows * Panel.Width];
        for (int m = 0; m < rows; m++)
            new ReadOnlySpan<float>(initial + m * initialRow, width).CopyTo(new Span<float>(full + m * Panel.Width, width));
        FullTile(terms, count, row, rows, panel, full, Panel.Width, full, Panel.Width);
        for (int m = 0; m < rows; m++)
            new ReadOnlySpan<float>(full + m * Panel.Width, width).CopyTo(new Span<float>(c + m * cRow, width));
    }

    private static void FullTile(Product* terms, int count, int row, int rows, int panel, float* initial, nint initialRow, float* c, nint cRow)
    {
        for (int column = 0; column < Panel.Width; column += 2 * V.Lanes)
        {
            if (V.HasManyRegisters && rows > 4)
            {
                Tile8(terms, count, row, rows, column, panel, initial + column, initialRow, c + column, cRow);
                continue;
            }

            for (int first = 0; first < rows; first += 4)
            {
                Tile4(terms, count, row + first, Math.Min(4, rows - first), column, panel,
                    initial + column + first * initialRow, initialRow, c + column + first * cRow, cRow);
            }
        }
    }

    /// <summary>Up to 8 rows by 2 vectors: 16 running sums in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8(
        Product* terms, int count, nint row, int rows, nint bOffset, nint panel, float* initial, nint initialRow, float* c, nint cRow)
    {
        V c00 = V.Load(initial), c01 = V.Load(initial + V.Lanes), c10, c11, c20, c21, c30, c31, c40, c41, c50, c51, c60, c61, c70, c71;
        if (1 < rows) initial += initialRow;
        c10 = V.Load(initial);
        c11 = V.Load(initial + V.Lanes);
        if (2 < rows) initial += initialRow;
        c20 = V.Load(initial);
        c21 = V.Load(initial + V.Lanes);
        if (3 < rows) initial += initialRow;
        c30 = V.Load(initial);
        c31 = V.Load(initial + V.Lanes);
        if (4 < rows) initial += initialRow;
        c40 = V.Load(initial);
        c41 = V.Load(initial + V.Lanes);
        if (5 < rows) initial += initialRow;
        c50 = V.Load(initial);
        c51 = V.Load(initial + V.Lanes);
        if (6 < rows) initial += initialRow;
        c60 = V.Load(initial);
        c61 = V.Load(initial + V.Lanes);
        if (7 < rows) initial += initialRow;
        c70 = V.Load(initial);
        c71 = V.Load(initial + V.Lanes);
        // Rows past the end repeat the last one and are not stored.
        int last = rows - 1;
        for (Product* term = terms; term < terms + count; term++)
        {
            nint aRow = term->ARow, aStep = term->AStep, bStep = term->BStep, offset = 0;
            float* b = term->B + panel * term->BPanel + bOffset;
            float* a0 = term->A + row * aRow;
            float* a1 = a0 + Math.Min(1, last) * aRow;
            float* a2 = a0 + Math.Min(2, last) * aRow;
            float* a3 = a0 + Math.Min(3, last) * aRow;
            float* a4 = a0 + Math.Min(4, last) * aRow;
            float* a5 = a0 + Math.Min(5, last) * aRow;
            float* a6 = a0 + Math.Min(6, last) * aRow;
            float* a7 = a0 + Math.Min(7, last) * aRow;
            for (int k = term->Depth; k > 0; k--)
            {
                V b0 = V.Load(b), b1 = V.Load(b + V.Lanes);
                V v = V.Create(a0[offset]);
                c00 = V.MultiplyAdd(v, b0, c00);
                c01 = V.MultiplyAdd(v, b1, c01);
                v = V.Create(a1[offset]);
                c10 = V.MultiplyAdd(v, b0, c10);
                c11 = V.MultiplyAdd(v, b1, c11);
                v = V.Create(a2[offset]);
                c20 = V.MultiplyAdd(v, b0, c20);
                c21 = V.MultiplyAdd(v, b1, c21);
                v = V.Create(a3[offset]);
                c30 = V.MultiplyAdd(v, b0, c30);
                c31 = V.MultiplyAdd(v, b1, c31);
                v = V.Create(a4[offset]);
                c40 = V.MultiplyAdd(v, b0, c40);
                c41 = V.MultiplyAdd(v, b1, c41);
                v = V.Create(a5[offset]);
                c50 = V.MultiplyAdd(v, b0, c50);
                c51 = V.MultiplyAdd(v, b1, c51);
                v = V.Create(a6[offset]);
                c60 = V.MultiplyAdd(v, b0, c60);
                c61 = V.MultiplyAdd(v, b1, c61);
                v = V.Create(a7[offset]);
                c70 = V.MultiplyAdd(v, b0, c70);
                c71 = V.MultiplyAdd(v, b1, c71);
                offset += aStep;
                b += bStep;
            }
        }

        V.Store(c, c00);
        V.Store(c + V.Lanes, c01);
        if (rows == 1) return;
        c += cRow;
        V.Store(c, c10);
        V.Store(c + V.Lanes, c11);
        if (rows == 2) return;
        c += cRow;
        V.Store(c, c20);
        V.Store(c + V.Lanes, c21);
        if (rows == 3) return;
        c += cRow;
        V.Store(c, c30);
        V.Store(c + V.Lanes, c31);
        if (rows == 4) return;
        c += cRow;
        V.Store(c, c40);
        V.Store(c + V.Lanes, c41);
        if (rows == 5) return;
        c += cRow;
        V.Store(c, c50);
        V.Store(c + V.Lanes, c51);
        if (rows == 6) return;
        c += cRow;
        V.Store(c, c60);
        V.Store(c + V.Lanes, c61);
        if (rows == 7) return;
        c += cRow;
        V.Store(c, c70);
        V.Store(c + V.Lanes, c71);
    }

    /// <summary>Up to 4 rows by 2 vectors: 8 running sums in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4(
        Product* terms, int count, nint row, int rows, nint bOffset, nint panel, float* initial, nint initialRow, float* c, nint cRow)
    {
        V c00 = V.Load(initial), c01 = V.Load(initial + V.Lanes), c10, c11, c20, c21, c30, c31;
        if (1 < rows) initial += initialRow;
        c10 = V.Load(initial);
        c11 = V.Load(initial + V.Lanes);
        if (2 < rows) initial += initialRow;
        c20 = V.Load(initial);
        c21 = V.Load(initial + V.Lanes);
        if (3 < rows) initial += initialRow;
        c30 = V.Load(initial);
        c31 = V.Load(initial + V.Lanes);
        // Rows past the end repeat the last one and are not stored.
        int last = rows - 1;
        for (Product* term = terms; term < terms + count; term++)
        {
            nint aRow = term->ARow, aStep = term->AStep, bStep = term->BStep, offset = 0;
            float* b = term->B + panel * term->BPanel + bOffset;
            float* a0 = term->A + row * aRow;
            float* a1 = a0 + Math.Min(1, last) * aRow;
            float* a2 = a0 + Math.Min(2, last) * aRow;
            float* a3 = a0 + Math.Min(3, last) * aRow;
            for (int k = term->Depth; k > 0; k--)
            {
                V b0 = V.Load(b), b1 = V.Load(b + V.Lanes);
                V v = V.Create(a0[offset]);
                c00 = V.MultiplyAdd(v, b0, c00);
                c01 = V.MultiplyAdd(v, b1, c01);
                v = V.Create(a1[offset]);
                c10 = V.MultiplyAdd(v, b0, c10);
                c11 = V.MultiplyAdd(v, b1, c11);
                v = V.Create(a2[offset]);
                c20 = V.MultiplyAdd(v, b0, c20);
                c21 = V.MultiplyAdd(v, b1, c21);
                v = V.Create(a3[offset]);
                c30 = V.MultiplyAdd(v, b0, c30);
                c31 = V.MultiplyAdd(v, b1, c31);
                offset += aStep;
                b += bStep;
            }
        }

        V.Store(c, c00);
        V.Store(c + V.Lanes, c01);
        if (rows == 1) return;
        c += cRow;
        V.Store(c, c10);
        V.Store(c + V.Lanes, c11);
        if (rows == 2) return;
        c += cRow;
        V.Store(c, c20);
        V.Store(c + V.Lanes, c21);
        if (rows == 3) return;
        c += cRow;
        V.Store(c, c30);
        V.Store(c + V.Lanes, c31);
    }

    /// <summary>Panels that <see cref="Row"/> takes at a time: enough running sums to hide the multiply-add's latency.</summary>
    private const int RowPanels = 2;

    /// <summary>A single row by 2 panels, bound by the reading of B.</summary>
    private static void Row(Product* terms, int count, nint panel, float* initial, float* c)
    {
        for (int column = 0; column < Panel.Width; column += 2 * V.Lanes)
            RowSlice(terms, count, panel, column, initial + column, c + column);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowSlice(Product* terms, int count, nint panel, nint bOffset, float* initial, float* c)
    {
        V c00 = V.Load(initial), c01 = V.Load(initial + V.Lanes);
        V c10 = V.Load(initial + Panel.Width), c11 = V.Load(initial + Panel.Width + V.Lanes);
        for (Product* term = terms; term < terms + count; term++)
        {
            float* a = term->A;
            float* b0 = term->B + panel * term->BPanel + bOffset;
            float* b1 = b0 + term->BPanel;
            nint aStep = term->AStep, bStep = term->BStep, offset = 0;
            for (int k = term->Depth; k > 0; k--)
            {
                V v = V.Create(*a);
                c00 = V.MultiplyAdd(v, V.Load(b0 + offset), c00);
                c01 = V.MultiplyAdd(v, V.Load(b0 + offset + V.Lanes), c01);
                c10 = V.MultiplyAdd(v, V.Load(b1 + offset), c10);
                c11 = V.MultiplyAdd(v, V.Load(b1 + offset + V.Lanes), c11);
                a += aStep;
                offset += bStep;
            }
        }

        V.Store(c, c00);
        V.Store(c + V.Lanes, c01);
        V.Store(c + Panel.Width, c10);
        V.Store(c + Panel.Width + V.Lanes, c11);
    }
}
