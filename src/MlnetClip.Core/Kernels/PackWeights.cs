using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlnetClip.Kernels;

/// <summary>
/// Packs weights in PyTorch's layout, [gates * units, columns], into <see cref="Panel"/> form with the gates of each block of
/// 16 units side by side: gate-unit (g, u) becomes column (or row) u / 16 * 16 * gates + g * 16 + u % 16.
/// </summary>
internal static unsafe class PackWeights
{
    private const int U = Panel.UnitBlock;

    /// <summary>B[k, n] for products from inputs to gates: k the input, n the gate-unit; padding units are zero.</summary>
    /// <param name="weights">[gates * units, columns].</param>
    /// <param name="gates">4 or 1.</param>
    /// <param name="units">Hidden units.</param>
    /// <param name="columns">K.</param>
    /// <param name="panels">Receives B.</param>
    /// <param name="width">Columns of a panel.</param>
    /// <param name="slice">The part of the work that is done: some of the panels, from 0 to <paramref name="slices"/> - 1.</param>
    /// <param name="slices">The number of parts, which several threads can do.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(float* weights, int gates, int units, int columns, float* panels, int width, int slice = 0, int slices = 1)
    {
        const int StepBlock = 64; // the part of a panel that is written at a time; it stays in the nearest cache
        int outputs = gates * Panel.PadUnits(units), all = (outputs + width - 1) / width;
        int firstPanel = all * slice / slices, endPanel = all * (slice + 1) / slices;
        panels += (nint)firstPanel * width * columns;
        for (int first = firstPanel * width; first < endPanel * width; first += width, panels += (nint)width * columns)
        {
            for (int start = 0; start < columns; start += StepBlock)
            {
                float* target = panels + start * width;
                int count = Math.Min(StepBlock, columns - start);
                for (int n = first; n < first + width; n += 4, target += 4)
                {
                    // Four units of a gate are four rows, one after the other.
                    if (n + 3 < outputs && SourceRow(n + 3, gates, units) >= 0)
                    {
                        Transpose.FourRows(weights + (nint)SourceRow(n, gates, units) * columns + start, columns, count, target, width);
                        continue;
                    }

                    for (int i = 0; i < 4; i++)
                    {
                        int row = n + i < outputs ? SourceRow(n + i, gates, units) : -1;
                        for (int k = 0; k < count; k++) target[k * width + i] = row < 0 ? 0f : weights[(nint)row * columns + start + k];
                    }
                }
            }
        }
    }

    /// <summary>B[k, n] for products from gates back to inputs: k the gate-unit, n the input; padding units are zero. A slice is some of the blocks of 16 units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(float* weights, int gates, int units, int columns, float* panels, int width, int slice = 0, int slices = 1)
    {
        nint panel = (nint)width * gates * Panel.PadUnits(units);
        int blocks = Panel.PadUnits(units) / U, firstBlock = blocks * slice / slices, endBlock = blocks * (slice + 1) / slices;
        panels += (nint)firstBlock * gates * width * U;
        for (int block = firstBlock * U; block < endBlock * U; block += U)
        {
            for (int gate = 0; gate < gates; gate++, panels += width * U)
            {
                // 16 rows at a time over all panels: their pages stay at hand, and each is read from front to back.
                float* source = weights + (nint)(gate * units + block) * columns, target = panels;
                int rows = Math.Min(U, units - block);
                for (int first = 0; first < columns; first += width, source += width, target += panel)
                {
                    int used = Math.Min(width, columns - first);
                    for (int unit = 0; unit < U; unit++)
                    {
                        if (unit < rows && used == width) Copy(source + unit * (nint)columns, target + unit * width, width);
                        else Part(source + unit * (nint)columns, unit < rows ? used : 0, target + unit * width, width);
                    }
                }
            }
        }
    }

    /// <summary>A row of a panel, a multiple of 16 floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* source, float* target, int width)
    {
        for (int n = 0; n < width; n += U)
        {
            Vector256.Load(source + n).Store(target + n);
            Vector256.Load(source + n + U / 2).Store(target + n + U / 2);
        }
    }

    /// <summary>A row of a panel of which only the first <paramref name="used"/> columns exist.</summary>
    private static void Part(float* source, int used, float* target, int width)
    {
        new ReadOnlySpan<float>(source, used).CopyTo(new Span<float>(target, used));
        new Span<float>(target + used, width - used).Clear();
    }

    /// <summary>The sum of the two biases per gate-unit; either may be null.</summary>
    public static void Bias(float* biasInput, float* biasRecurrent, int gates, int units, float* bias)
    {
        for (int n = 0; n < gates * Panel.PadUnits(units); n++)
        {
            int row = SourceRow(n, gates, units);
            float input = biasInput == null || row < 0 ? 0f : biasInput[row];
            bias[n] = biasRecurrent == null || row < 0 ? input : input + biasRecurrent[row];
        }
    }

    /// <summary>The first rows of a matrix as the first ones of panels of [depth, width].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Rows(float* matrix, nint matrixRow, int rows, int columns, float* panels, nint panelStride, int width)
    {
        for (int row = 0; row < rows; row++)
        {
            float* source = matrix + row * matrixRow;
            float* target = panels + (nint)row * width;
            int column = 0;
            for (; column + width <= columns; column += width, target += panelStride)
                Copy(source + column, target, width);
            if (column < columns) new ReadOnlySpan<float>(source + column, columns - column).CopyTo(new Span<float>(target, columns - column));
        }
    }

    /// <summary>The row of PyTorch's matrix that holds packed gate-unit <paramref name="n"/>, -1 for padding.</summary>
    private static int SourceRow(int n, int gates, int units)
    {
        int unit = n / (gates * U) * U + n % U;
        return unit < units ? n / U % gates * units + unit : -1;
    }
}
