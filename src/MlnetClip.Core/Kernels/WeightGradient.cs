using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>Inputs X of a layer over the rows of a product, and where the gradient of their weights goes.</summary>
/// <param name="X">Element (r, n) lies at n / w * Panel + r * Row + n % w; above <see cref="WeightGradient{V}.NarrowColumns"/> columns the
/// last panel is read over its full width.</param>
/// <param name="Row">Distance between rows of X.</param>
/// <param name="Panel">Distance between panels of w columns of X, w that of <see cref="KernelSet.PanelWidth"/>.</param>
/// <param name="Columns">N.</param>
/// <param name="FirstRow">Rows before this one are zero and skipped.</param>
/// <param name="EndRow">So are rows from this one on.</param>
/// <param name="Gradient">The row of the first unit in the first gate; row-major with N columns.</param>
/// <param name="GateStride">Distance between gates in the gradient.</param>
internal readonly unsafe struct GradientTerm(float* X, nint Row, nint Panel, int Columns, int FirstRow, int EndRow, float* Gradient, nint GateStride)
{
    public readonly float* X = X;
    public readonly nint Row = Row;
    public readonly nint Panel = Panel;
    public readonly int Columns = Columns;
    public readonly int FirstRow = FirstRow;
    public readonly int EndRow = EndRow;
    public readonly float* Gradient = Gradient;
    public readonly nint GateStride = GateStride;

    /// <summary>The first row of a gate of a block of 16 units.</summary>
    public float* OfSlice(int slice, int gates) => Gradient + slice / gates * Kernels.Panel.UnitBlock * (nint)Columns + slice % gates * GateStride;
}

/// <summary>
/// dW[gate, unit, n] = sum over rows r of dZ[r, gate, unit] * X[r, n] for one or two blocks of 16 units, and
/// db[gate, unit] = sum of dZ. The rows are those of one part of the batch, of a head those of the whole batch.
/// </summary>
/// <remarks>A slice is one gate of one block of units: 16 columns of dZ.</remarks>
internal static unsafe class WeightGradient<V> where V : unmanaged, ISimd<V>
{
    private const int U = Panel.UnitBlock;

    /// <summary>The most units of a call.</summary>
    public const int MaxUnits = 2 * U;

    /// <summary>The number of rows that are processed at a time, so that they stay in the nearest caches; half as many with more than 4 slices.</summary>
    private const int MaxDepth = 1024, DepthOfMany = MaxDepth / 2;

    /// <summary>How many rows ahead packing prefetches.</summary>
    private const int RowsAhead = 12;

    /// <summary>X of up to this many columns is used as the transposed left side, because its tiles would be mostly empty on the right.</summary>
    public const int NarrowColumns = 24;

    /// <summary>Floats of scratch needed: a packed block of dZ and the narrow terms' transposed gradients.</summary>
    public const int ScratchLength = 4 * MaxUnits * (DepthOfMany + 2 * NarrowColumns);

    /// <summary>The gradients of some units.</summary>
    /// <param name="dZ">The first unit's first column; [rows, blocks, gates, 16] with a row stride of <paramref name="dZRow"/>.</param>
    /// <param name="dZRow">Distance between rows of dZ.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="gates">4 or 1.</param>
    /// <param name="units">1 to <see cref="MaxUnits"/>; those missing in the last block of 16 do not exist.</param>
    /// <param name="terms">One or two terms.</param>
    /// <param name="count">Number of terms.</param>
    /// <param name="sums">Receives db, [blocks, gates, 16].</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats.</param>
    public static void Run(
        float* dZ, nint dZRow, int rows, int gates, int units, GradientTerm* terms, int count, float* sums, float* scratch)
    {
        int slices = gates * (Panel.PadUnits(units) / U);
        float* packed = scratch, transposed = scratch + 4 * MaxUnits * DepthOfMany;
        int maxDepth = slices > 4 ? DepthOfMany : MaxDepth;
        new Span<float>(sums, slices * U).Clear();
        for (int start = 0, depth; start < rows; start += depth)
        {
            depth = Math.Min(maxDepth, rows - start);
            for (int n = 0; n < count; n++)
            {
                if (start < terms[n].FirstRow) depth = Math.Min(depth, terms[n].FirstRow - start);
                if (start < terms[n].EndRow) depth = Math.Min(depth, terms[n].EndRow - start);
            }

            float* block = dZ + start * dZRow;
            PackAndSum(block, dZRow, depth, slices, packed, sums);
            for (int n = 0; n < count; n++)
            {
                if (start < terms[n].FirstRow || start >= terms[n].EndRow) continue;
                if (terms[n].Columns <= NarrowColumns) Narrow(block, dZRow, start, depth, slices, terms[n], transposed + n * 4 * MaxUnits * NarrowColumns);
                else Wide(packed, start, depth, gates, units, slices, terms[n]);
            }
        }

        for (int n = 0; n < count; n++)
            if (terms[n].Columns <= NarrowColumns) Scatter(transposed + n * 4 * MaxUnits * NarrowColumns, gates, units, slices, terms[n]);
    }

    /// <summary>dW += dZ^T X, tiles of gate-units by the columns of a panel straight into the gradient.</summary>
    private static void Wide(float* packed, int start, int depth, int gates, int units, int slices, in GradientTerm term)
    {
        bool isFirst = start == term.FirstRow;
        int width = Multiply<V>.PanelWidth;
        nint share = depth * term.Row / slices;
        float* x = term.X + start * term.Row;
        for (int column = 0; column < term.Columns; column += width, x += term.Panel)
        {
            // Each slice prefetches its share of the panel that comes next.
            float* next = column + width < term.Columns ? x + term.Panel : term.X + (start + depth) * term.Row;
            for (int slice = 0; slice < slices; slice++)
            {
                var product = new Product(packed + slice * U * depth, 1, U, x, term.Row, 0, depth);
                float* c = term.OfSlice(slice, gates) + column;
                if (!isFirst) Ahead(slice + 1 < slices ? term.OfSlice(slice + 1, gates) + column : term.Gradient + column + width, term.Columns);
                Multiply<V>.Rows(&product, 1, UnitsOf(slice, gates, units), Math.Min(width, term.Columns - column),
                    isFirst ? Zeros : c, isFirst ? 0 : term.Columns, c, term.Columns, next + slice * share, slices);
            }
        }
    }

    private static int UnitsOf(int slice, int gates, int units) => Math.Min(U, units - slice / gates * U);

    /// <summary>Prefetches the gradients that the next tiles begin with: each row of a wide matrix is elsewhere in memory.</summary>
    private static void Ahead(float* gradient, nint row)
    {
        for (int unit = 0; unit < U; unit++, gradient += row)
        {
            Prefetch.Read(gradient);
            if (Multiply<V>.PanelWidth > Panel.UnitBlock) Prefetch.Read(gradient + Panel.UnitBlock);
            Prefetch.Read(gradient + Multiply<V>.PanelWidth - 1);
        }
    }

    /// <summary>dW^T += X^T dZ, [columns, slices * 16].</summary>
    private static void Narrow(float* dZ, nint dZRow, int start, int depth, int slices, in GradientTerm term, float* transposed)
    {
        var product = new Product(term.X + start * term.Row, 1, term.Row, dZ, dZRow, Multiply<V>.PanelWidth, depth);
        bool isFirst = start == term.FirstRow;
        Multiply<V>.Rows(&product, 1, term.Columns, slices * U, isFirst ? Zeros : transposed, isFirst ? 0 : slices * U, transposed, slices * U);
    }

    private static void Scatter(float* transposed, int gates, int units, int slices, in GradientTerm term)
    {
        for (int n = 0; n < term.Columns; n++)
            for (int slice = 0; slice < slices; slice++)
                for (int unit = 0; unit < UnitsOf(slice, gates, units); unit++)
                    term.OfSlice(slice, gates)[unit * term.Columns + n] = transposed[(n * slices + slice) * U + unit];
    }

    /// <summary>Copies dZ slice by slice, each [depth, 16] and contiguous, and adds its rows to the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void PackAndSum(float* dZ, nint dZRow, int depth, int slices, float* packed, float* sums)
    {
        int column = 0, L = V.Lanes;
        for (; column + 4 * L <= slices * U; column += 4 * L)
        {
            float* source = dZ + column;
            float* t0 = Packed(packed, column, depth), t1 = Packed(packed, column + L, depth), t2 = Packed(packed, column + 2 * L, depth), t3 = Packed(packed, column + 3 * L, depth);
            V s0 = V.Load(sums + column), s1 = V.Load(sums + column + L), s2 = V.Load(sums + column + 2 * L), s3 = V.Load(sums + column + 3 * L);
            for (nint offset = 0; offset < depth * U; offset += U, source += dZRow)
            {
                float* ahead = source + RowsAhead * dZRow;
                Prefetch.Read(ahead);
                Prefetch.Read(ahead + L);
                Prefetch.Read(ahead + 2 * L);
                Prefetch.Read(ahead + 3 * L);
                V v0 = V.Load(source), v1 = V.Load(source + L), v2 = V.Load(source + 2 * L), v3 = V.Load(source + 3 * L);
                V.Store(t0 + offset, v0);
                V.Store(t1 + offset, v1);
                V.Store(t2 + offset, v2);
                V.Store(t3 + offset, v3);
                s0 += v0;
                s1 += v1;
                s2 += v2;
                s3 += v3;
            }

            V.Store(sums + column, s0);
            V.Store(sums + column + L, s1);
            V.Store(sums + column + 2 * L, s2);
            V.Store(sums + column + 3 * L, s3);
        }

        for (; column < slices * U; column += L)
        {
            float* source = dZ + column, target = Packed(packed, column, depth);
            V sum = V.Load(sums + column);
            for (nint offset = 0; offset < depth * U; offset += U, source += dZRow)
            {
                V value = V.Load(source);
                V.Store(target + offset, value);
                sum += value;
            }

            V.Store(sums + column, sum);
        }
    }

    /// <summary>Where a column of dZ goes in the packed block.</summary>
    private static float* Packed(float* packed, int column, int depth) => packed + column / U * (U * depth) + column % U;

    private static readonly AlignedBuffer ZeroBuffer = new(4 * MaxUnits);

    private static float* Zeros => ZeroBuffer.Pointer;
}
