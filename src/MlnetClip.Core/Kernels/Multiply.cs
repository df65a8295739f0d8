using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>
/// The one matrix kernel of the engine: C[m, n] = C0[m, n] + sum over terms and k of A[m, k] * B[k, n], in tiles that stay in
/// registers over the whole sum. C0 is C itself (accumulate), a bias (row stride 0) or zeros.
/// </summary>
/// <remarks>
/// Each element is one chain of multiply-adds over the terms and ascending k, whatever tile it is in. Results do not depend
/// on how rows are divided among threads, and the form for a single row gives bit-identical results.
/// </remarks>
internal static unsafe class Multiply<V> where V : unmanaged, ISimd<V>
{
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

        for (; (panel + 1) * Panel.Width <= columns; panel++)
            WholePanel(terms, count, rows, panel, initial + panel * Panel.Width, initialRow, c + panel * Panel.Width, cRow);
        int width = columns - panel * Panel.Width;
        if (width > 0) PartOfPanel(terms, count, rows, panel, width, initial + panel * Panel.Width, initialRow, c + panel * Panel.Width, cRow);
    }

    /// <summary>All rows of 32 columns of C.</summary>
    private static void WholePanel(Product* terms, int count, int rows, int panel, float* initial, nint initialRow, float* c, nint cRow)
    {
        int row = 0;
        if (V.HasManyRegisters)
        {
            for (; rows - row > 4; row += 8)
            {
                for (int column = 0; column < Panel.Width; column += 2 * V.Lanes)
                {
                    Tile8(terms, count, row, Math.Min(8, rows - row), column, panel,
                        initial + row * initialRow + column, initialRow, c + row * cRow + column, cRow);
                }
            }
        }

        for (; row < rows; row += 4)
        {
            for (int column = 0; column < Panel.Width; column += 2 * V.Lanes)
            {
                Tile4(terms, count, row, Math.Min(4, rows - row), column, panel,
                    initial + row * initialRow + column, initialRow, c + row * cRow + column, cRow);
            }
        }
    }

    /// <summary>All rows of the last, narrower columns of C, computed as whole tiles on the stack.</summary>
    private static void PartOfPanel(
        Product* terms, int count, int rows, int panel, int width, float* initial, nint initialRow, float* c, nint cRow)
    {
        float* tile = stackalloc float[8 * Panel.Width];
        Product* moved = stackalloc Product[count];
        for (int row = 0; row < rows; row += 8, initial += 8 * initialRow, c += 8 * cRow)
        {
            int height = Math.Min(8, rows - row);
            for (int n = 0; n < count; n++) moved[n] = terms[n].FromRow(row);
            for (int m = 0; m < height; m++)
                new ReadOnlySpan<float>(initial + m * initialRow, width).CopyTo(new Span<float>(tile + m * Panel.Width, width));
            WholePanel(moved, count, height, panel, tile, Panel.Width, tile, Panel.Width);
            for (int m = 0; m < height; m++)
                new ReadOnlySpan<float>(tile + m * Panel.Width, width).CopyTo(new Span<float>(c + m * cRow, width));
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

    /// <summary>The number of panels that <see cref="Row"/> computes at a time: enough running sums to hide the latency of multiply-adds.</summary>
    private const int RowPanels = 2;

    /// <summary>A single row by 2 panels, limited by the bandwidth of reading B.</summary>
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
