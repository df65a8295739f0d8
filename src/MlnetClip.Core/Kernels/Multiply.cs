using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>
/// The one matrix kernel of the engine: C[m, n] = C0[m, n] + sum over terms and k of A[m, k] * B[k, n], in tiles that stay in
/// registers. C0 is C itself (accumulate), a bias (row stride 0) or zeros.
/// </summary>
/// <remarks>
/// Each element is one chain of multiply-adds over the terms and ascending k, whatever tile it is in. Results do not depend
/// on how rows are divided among threads, and the form for a single row gives bit-identical results. A tile reads its panel of B from
/// front to back, while it prefetches the part of B that comes next: the first tile of a panel would otherwise wait for memory.
/// </remarks>
internal static unsafe class Multiply<V> where V : unmanaged, ISimd<V>
{
    /// <summary>Deeper sums are computed in blocks of up to this many k, so that a panel's block and the rows of A stay in the nearest caches.</summary>
    private const int MaxDepth = 1024;

    /// <summary>The number of panels that <see cref="Row"/> computes at a time: enough running sums to hide the latency of multiply-adds.</summary>
    private const int RowPanels = 4;

    /// <summary>Columns of a panel of B: those of a tile, two vectors, but not less than a block of units.</summary>
    public static int PanelWidth
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Math.Max(2 * V.Lanes, Panel.UnitBlock);
    }

    /// <summary>All rows times all panels.</summary>
    /// <param name="terms">The products to add up.</param>
    /// <param name="count">Number of terms; without any, C is C0.</param>
    /// <param name="rows">M, 1 or more.</param>
    /// <param name="columns">N, 1 or more.</param>
    /// <param name="initial">C0.</param>
    /// <param name="initialRow">Distance between rows of C0.</param>
    /// <param name="c">Receives C; may be C0.</param>
    /// <param name="cRow">Distance between rows of C.</param>
    /// <param name="next">The panel that is read after this product, to be prefetched; by default, the first of B.</param>
    /// <param name="shares">Products that prefetch it, each its share.</param>
    public static void Rows(
        Product* terms, int count, int rows, int columns, float* initial, nint initialRow, float* c, nint cRow, float* next = null, int shares = 1)
    {
        int width = PanelWidth, panel = 0, panels = (columns + width - 1) / width, depth = 0;
        if (rows == 1)
        {
            for (; (panel + RowPanels) * width <= columns; panel += RowPanels) Row(terms, count, panel, initial + panel * width, c + panel * width);
        }

        for (int n = 0; n < count; n++) depth += terms[n].Depth;
        int tiles = (rows + Tile<V>.MaxRows - 1) / Tile<V>.MaxRows, step = ProductPart.Share(width, tiles), nextStep = next == null ? step : ProductPart.Share(width, tiles * shares);
        var sums = new Sums(rows, initialRow, cRow);
        ProductPart* parts = stackalloc ProductPart[count];
        for (; panel < panels; panel++)
        {
            bool isLast = panel == panels - 1;
            int used = Math.Min(width, columns - panel * width);
            float* from = initial + panel * width, to = c + panel * width;
            if (depth <= MaxDepth)
            {
                for (int n = 0; n < count; n++)
                {
                    ref readonly Product term = ref terms[n];
                    float* ahead = !isLast ? term.B + (panel + 1) * term.BPanel : next == null ? term.B : next;
                    parts[n] = new ProductPart(term, panel, 0, term.Depth, ahead, isLast ? nextStep : step);
                }

                Tiles(parts, count, sums, used, from, to);
                continue;
            }

            bool isFirst = true;
            for (int n = 0; n < count; n++)
            {
                ref readonly Product term = ref terms[n];
                int blocks = (term.Depth + MaxDepth - 1) / MaxDepth;
                for (int block = 0, k = 0; block < blocks; block++)
                {
                    int end = (int)((long)term.Depth * (block + 1) / blocks);
                    float* ahead = block + 1 < blocks ? term.B + panel * term.BPanel + end * term.BStep : term.B + (isLast ? 0 : panel + 1) * term.BPanel;
                    parts[0] = new ProductPart(term, panel, k, end - k, ahead, step);
                    Tiles(parts, 1, isFirst ? sums : sums with { InitialRow = cRow }, used, isFirst ? from : to, to);
                    isFirst = false;
                    k = end;
                }
            }
        }
    }

    /// <summary>What is the same for all panels.</summary>
    private readonly record struct Sums(int Rows, nint InitialRow, nint CRow);

    /// <summary>All rows of the columns of a panel.</summary>
    private static void Tiles(ProductPart* parts, int count, in Sums sums, int width, float* initial, float* c)
    {
        if (width < PanelWidth)
        {
            PartOfPanel(parts, count, sums, width, initial, c);
            return;
        }

        for (int row = 0, tile = 0, height; row < sums.Rows; row += height, tile++)
        {
            height = Height(sums.Rows - row);
            WholeTile(parts, count, row, height, tile, initial + row * sums.InitialRow, sums.InitialRow, c + row * sums.CRow, sums.CRow);
        }
    }

    /// <summary>Rows of the next tile: with few registers, 7 rows are left for tiles of 4 and 3, 8 for two of 4.</summary>
    private static int Height(int rows) => V.HasManyRegisters ? Math.Min(8, rows) : rows is 7 or 8 ? 4 : Math.Min(6, rows);

    /// <summary>A tile over all columns of a panel.</summary>
    private static void WholeTile(ProductPart* parts, int count, int row, int rows, int tile, float* initial, nint initialRow, float* c, nint cRow)
    {
        for (int column = 0; column < PanelWidth; column += 2 * V.Lanes)
        {
            if (rows <= 4) Tile<V>.Of4(parts, count, row, rows, column, tile, initial + column, initialRow, c + column, cRow);
            else if (V.HasManyRegisters) Tile<V>.Of8(parts, count, row, rows, column, tile, initial + column, initialRow, c + column, cRow);
            else Tile<V>.Of6(parts, count, row, rows, column, tile, initial + column, initialRow, c + column, cRow);
        }
    }

    /// <summary>All rows of the last, narrower columns of C, computed as whole tiles on the stack.</summary>
    private static void PartOfPanel(ProductPart* parts, int count, in Sums sums, int width, float* initial, float* c)
    {
        int full = PanelWidth;
        float* tile = stackalloc float[8 * Panel.MaxWidth];
        for (int row = 0, n = 0, height; row < sums.Rows; row += height, n++, initial += height * sums.InitialRow, c += height * sums.CRow)
        {
            height = Height(sums.Rows - row);
            for (int m = 0; m < height; m++) new ReadOnlySpan<float>(initial + m * sums.InitialRow, width).CopyTo(new Span<float>(tile + m * full, width));
            WholeTile(parts, count, row, height, n, tile, full, tile, full);
            for (int m = 0; m < height; m++) new ReadOnlySpan<float>(tile + m * full, width).CopyTo(new Span<float>(c + m * sums.CRow, width));
        }
    }

    /// <summary>A single row by 4 panels, limited by the bandwidth of reading B.</summary>
    private static void Row(Product* terms, int count, nint panel, float* initial, float* c)
    {
        for (int column = 0; column < PanelWidth; column += 2 * V.Lanes) Tile<V>.OfRow(terms, count, panel, column, initial + column, c + column);
    }
}
