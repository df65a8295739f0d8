using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>
/// The tiles of <see cref="Multiply{V}"/>: rows of A times two vectors of columns of B, with all sums in registers. In each step of k, a tile loads two
/// vectors of B and one element of A for each row.
/// </summary>
/// <remarks>Parameters: the parts of the sum; the first row of A and the number of rows; the first column in the panel; the number of the tile, whose share of what comes next it prefetches; C0 and C.</remarks>
internal static unsafe class Tile<V> where V : unmanaged, ISimd<V>
{
    /// <summary>Rows of the tallest tile: with 16 registers, 12 of them hold sums; with 32, 16 are enough to hide the latency.</summary>
    public static int MaxRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.HasManyRegisters ? 8 : 6;
    }

    /// <summary>Up to 8 rows by 2 vectors: 16 running sums in registers, of 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Of8(ProductPart* parts, int count, nint row, int rows, nint column, nint tile, float* initial, nint initialRow, float* c, nint cRow)
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
        for (ProductPart* part = parts; part < parts + count; part++)
        {
            nint aRow = part->ARow, aStep = part->AStep, bStep = part->BStep, offset = 0, aheadStep = part->AheadStep;
            float* b = part->B + column;
            byte* ahead = part->Ahead + aheadStep * part->Depth * tile;
            float* a0 = part->A + row * aRow;
            float* a1 = a0 + Math.Min(1, last) * aRow;
            float* a2 = a0 + Math.Min(2, last) * aRow;
            float* a3 = a0 + Math.Min(3, last) * aRow;
            float* a4 = a0 + Math.Min(4, last) * aRow;
            float* a5 = a0 + Math.Min(5, last) * aRow;
            float* a6 = a0 + Math.Min(6, last) * aRow;
            float* a7 = a0 + Math.Min(7, last) * aRow;
            for (int k = part->Depth; k > 0; k--)
            {
                Prefetch.Read((float*)ahead);
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
                ahead += aheadStep;
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

    /// <summary>Up to 6 rows by 2 vectors: 12 running sums in registers, of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Of6(ProductPart* parts, int count, nint row, int rows, nint column, nint tile, float* initial, nint initialRow, float* c, nint cRow)
    {
        V c00 = V.Load(initial), c01 = V.Load(initial + V.Lanes), c10, c11, c20, c21, c30, c31, c40, c41, c50, c51;
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
        // Rows past the end repeat the last one and are not stored.
        int last = rows - 1;
        for (ProductPart* part = parts; part < parts + count; part++)
        {
            nint aRow = part->ARow, aStep = part->AStep, bStep = part->BStep, offset = 0, aheadStep = part->AheadStep;
            float* b = part->B + column;
            byte* ahead = part->Ahead + aheadStep * part->Depth * tile;
            float* a0 = part->A + row * aRow;
            float* a1 = a0 + Math.Min(1, last) * aRow;
            float* a2 = a0 + Math.Min(2, last) * aRow;
            float* a3 = a0 + Math.Min(3, last) * aRow;
            float* a4 = a0 + Math.Min(4, last) * aRow;
            float* a5 = a0 + Math.Min(5, last) * aRow;
            for (int k = part->Depth; k > 0; k--)
            {
                Prefetch.Read((float*)ahead);
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
                offset += aStep;
                b += bStep;
                ahead += aheadStep;
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
    }

    /// <summary>Up to 4 rows by 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Of4(ProductPart* parts, int count, nint row, int rows, nint column, nint tile, float* initial, nint initialRow, float* c, nint cRow)
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
        for (ProductPart* part = parts; part < parts + count; part++)
        {
            nint aRow = part->ARow, aStep = part->AStep, bStep = part->BStep, offset = 0, aheadStep = part->AheadStep;
            float* b = part->B + column;
            byte* ahead = part->Ahead + aheadStep * part->Depth * tile;
            float* a0 = part->A + row * aRow;
            float* a1 = a0 + Math.Min(1, last) * aRow;
            float* a2 = a0 + Math.Min(2, last) * aRow;
            float* a3 = a0 + Math.Min(3, last) * aRow;
            for (int k = part->Depth; k > 0; k--)
            {
                Prefetch.Read((float*)ahead);
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
                ahead += aheadStep;
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

    /// <summary>One row by the two vectors at the same column of 4 panels: 8 running sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void OfRow(Product* terms, int count, nint panel, nint column, float* initial, float* c)
    {
        int width = Multiply<V>.PanelWidth;
        V c00 = V.Load(initial), c01 = V.Load(initial + V.Lanes);
        V c10 = V.Load(initial + width), c11 = V.Load(initial + width + V.Lanes);
        V c20 = V.Load(initial + 2 * width), c21 = V.Load(initial + 2 * width + V.Lanes);
        V c30 = V.Load(initial + 3 * width), c31 = V.Load(initial + 3 * width + V.Lanes);
        for (Product* term = terms; term < terms + count; term++)
        {
            float* a = term->A;
            float* b0 = term->B + panel * term->BPanel + column;
            float* b1 = b0 + term->BPanel, b2 = b1 + term->BPanel, b3 = b2 + term->BPanel;
            nint aStep = term->AStep, bStep = term->BStep, offset = 0;
            for (int k = term->Depth; k > 0; k--)
            {
                V v = V.Create(*a);
                c00 = V.MultiplyAdd(v, V.Load(b0 + offset), c00);
                c01 = V.MultiplyAdd(v, V.Load(b0 + offset + V.Lanes), c01);
                c10 = V.MultiplyAdd(v, V.Load(b1 + offset), c10);
                c11 = V.MultiplyAdd(v, V.Load(b1 + offset + V.Lanes), c11);
                c20 = V.MultiplyAdd(v, V.Load(b2 + offset), c20);
                c21 = V.MultiplyAdd(v, V.Load(b2 + offset + V.Lanes), c21);
                c30 = V.MultiplyAdd(v, V.Load(b3 + offset), c30);
                c31 = V.MultiplyAdd(v, V.Load(b3 + offset + V.Lanes), c31);
                a += aStep;
                offset += bStep;
            }
        }

        V.Store(c, c00);
        V.Store(c + V.Lanes, c01);
        V.Store(c + width, c10);
        V.Store(c + width + V.Lanes, c11);
        V.Store(c + 2 * width, c20);
        V.Store(c + 2 * width + V.Lanes, c21);
        V.Store(c + 3 * width, c30);
        V.Store(c + 3 * width + V.Lanes, c31);
    }
}
