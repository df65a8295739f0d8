using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>
/// The one matrix product of the engine: C[m, n] = C0[m, n] + sum over k of A[m, k] * B[k, n], with B packed in panels
/// (<see cref="Panel"/>) and A read through two strides, so that it serves A and its transpose.
/// </summary>
/// <remarks>
/// Each element is one chain of multiply-adds over ascending k, whatever tile it falls into: results do not depend on how
/// rows are shared out among threads. C0 is C itself (accumulate), a bias (row stride 0) or zeros.
/// </remarks>
internal static unsafe class Multiply<V> where V : unmanaged, ISimd<V>
{
    /// <summary>Rows of A times all panels of B.</summary>
    /// <param name="a">A; element (m, k) lies at m * aRow + k * aStep.</param>
    /// <param name="aRow">Distance between rows of A.</param>
    /// <param name="aStep">Distance between successive k.</param>
    /// <param name="rows">M, 1 or more.</param>
    /// <param name="panels">B, panels of [depth, 32] one after another.</param>
    /// <param name="panelStride">Distance between panels.</param>
    /// <param name="depth">K.</param>
    /// <param name="columns">N: the last panel may be partly used.</param>
    /// <param name="initial">C0.</param>
    /// <param name="initialRow">Distance between rows of C0, 0 for a bias.</param>
    /// <param name="c">Receives C.</param>
    /// <param name="cRow">Distance between rows of C.</param>
    public static void Rows(
        float* a, nint aRow, nint aStep, int rows, float* panels, nint panelStride, int depth, int columns,
        float* initial, nint initialRow, float* c, nint cRow)
    {
        for (int column = 0; column < columns; column += Panel.Width, panels += panelStride)
        {
            int width = Math.Min(Panel.Width, columns - column);
            for (int row = 0; row < rows;)
            {
                int height = Math.Min(rows - row, V.HasManyRegisters ? 8 : 4);
                Tile(a + row * aRow, aRow, aStep, height, panels, depth, width,
                    initial + row * initialRow + column, initialRow, c + row * cRow + column, cRow);
                row += height;
            }
        }
    }

    /// <summary>One tile of at most 8 rows and 32 columns of C; a narrower one goes through a full tile on the stack.</summary>
    private static void Tile(
        float* a, nint aRow, nint aStep, int rows, float* b, int depth, int width, float* initial, nint initialRow, float* c, nint cRow)
    {
        if (width == Panel.Width)
        {
            FullTile(a, aRow, aStep, rows, b, depth, initial, initialRow, c, cRow);
            return;
        }

        float* full = stackalloc float[8 * Panel.Width];
        for (int m = 0; m < rows; m++)
            new ReadOnlySpan<float>(initial + m * initialRow, width).CopyTo(new Span<float>(full + m * Panel.Width, width));
        FullTile(a, aRow, aStep, rows, b, depth, full, Panel.Width, full, Panel.Width);
        for (int m = 0; m < rows; m++)
            new ReadOnlySpan<float>(full + m * Panel.Width, width).CopyTo(new Span<float>(c + m * cRow, width));
    }

    private static void FullTile(
        float* a, nint aRow, nint aStep, int rows, float* b, int depth, float* initial, nint initialRow, float* c, nint cRow)
    {
        for (int column = 0; column < Panel.Width; column += 2 * V.Lanes)
        {
            if (rows > 4) Tile8(a, aRow, aStep, rows, b + column, depth, initial + column, initialRow, c + column, cRow);
            else if (rows > 1) Tile4(a, aRow, aStep, rows, b + column, depth, initial + column, initialRow, c + column, cRow);
            else Tile1(a, aStep, b + column, depth, initial + column, c + column);
        }
    }

    /// <summary>Up to 8 rows by 2 vectors: 16 running sums in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8(
        float* a, nint aRow, nint aStep, int rows, float* b, int depth, float* initial, nint initialRow, float* c, nint cRow)
    {
        // Rows past the end repeat the last one and are not stored.
        int last = rows - 1;
        float* a0 = a;
        float* a1 = a + Math.Min(1, last) * aRow;
        float* a2 = a + Math.Min(2, last) * aRow;
        float* a3 = a + Math.Min(3, last) * aRow;
        float* a4 = a + Math.Min(4, last) * aRow;
        float* a5 = a + Math.Min(5, last) * aRow;
        float* a6 = a + Math.Min(6, last) * aRow;
        float* a7 = a + Math.Min(7, last) * aRow;
        V c00 = V.Load(initial), c01 = V.Load(initial + V.Lanes);
        if (1 < rows) initial += initialRow;
        V c10 = V.Load(initial), c11 = V.Load(initial + V.Lanes);
        if (2 < rows) initial += initialRow;
        V c20 = V.Load(initial), c21 = V.Load(initial + V.Lanes);
        if (3 < rows) initial += initialRow;
        V c30 = V.Load(initial), c31 = V.Load(initial + V.Lanes);
        if (4 < rows) initial += initialRow;
        V c40 = V.Load(initial), c41 = V.Load(initial + V.Lanes);
        if (5 < rows) initial += initialRow;
        V c50 = V.Load(initial), c51 = V.Load(initial + V.Lanes);
        if (6 < rows) initial += initialRow;
        V c60 = V.Load(initial), c61 = V.Load(initial + V.Lanes);
        if (7 < rows) initial += initialRow;
        V c70 = V.Load(initial), c71 = V.Load(initial + V.Lanes);
        nint offset = 0;
        for (int k = 0; k < depth; k++)
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
            b += Panel.Width;
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
        float* a, nint aRow, nint aStep, int rows, float* b, int depth, float* initial, nint initialRow, float* c, nint cRow)
    {
        // Rows past the end repeat the last one and are not stored.
        int last = rows - 1;
        float* a0 = a;
        float* a1 = a + Math.Min(1, last) * aRow;
        float* a2 = a + Math.Min(2, last) * aRow;
        float* a3 = a + Math.Min(3, last) * aRow;
        V c00 = V.Load(initial), c01 = V.Load(initial + V.Lanes);
        if (1 < rows) initial += initialRow;
        V c10 = V.Load(initial), c11 = V.Load(initial + V.Lanes);
        if (2 < rows) initial += initialRow;
        V c20 = V.Load(initial), c21 = V.Load(initial + V.Lanes);
        if (3 < rows) initial += initialRow;
        V c30 = V.Load(initial), c31 = V.Load(initial + V.Lanes);
        nint offset = 0;
        for (int k = 0; k < depth; k++)
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
            b += Panel.Width;
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

    /// <summary>One row by 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(float* a, nint aStep, float* b, int depth, float* initial, float* c)
    {
        V c0 = V.Load(initial), c1 = V.Load(initial + V.Lanes);
        for (int k = 0; k < depth; k++)
        {
            V v = V.Create(*a);
            c0 = V.MultiplyAdd(v, V.Load(b), c0);
            c1 = V.MultiplyAdd(v, V.Load(b + V.Lanes), c1);
            a += aStep;
            b += Panel.Width;
        }

        V.Store(c, c0);
        V.Store(c + V.Lanes, c1);
    }
}
