namespace MlnetClip.Kernels;

/// <summary>
/// Brings weights in PyTorch's layout, [gates * units, columns], into <see cref="Panel"/> form with the gates of each block of
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
    public static void Forward(float* weights, int gates, int units, int columns, float* panels, int width = Panel.Width)
    {
        const int StepBlock = 64; // the part of a panel that is written at a time stays in the nearest cache
        int outputs = gates * Panel.PadUnits(units);
        for (int first = 0; first < outputs; first += width, panels += (nint)width * columns)
        {
            for (int start = 0; start < columns; start += StepBlock)
            {
                int end = Math.Min(columns, start + StepBlock);
                for (int n = 0; n < width; n++)
                {
                    int row = first + n < outputs ? SourceRow(first + n, gates, units) : -1;
                    float* source = weights + (nint)row * columns;
                    float* target = panels + start * width + n;
                    for (int k = start; k < end; k++, target += width) *target = row < 0 ? 0f : source[k];
                }
            }
        }
    }

    /// <summary>B[k, n] for products from gates back to inputs: k the gate-unit, n the input; padding units are zero.</summary>
    public static void Backward(float* weights, int gates, int units, int columns, float* panels)
    {
        int depth = gates * Panel.PadUnits(units);
        for (int first = 0; first < columns; first += Panel.Width)
        {
            int width = Math.Min(Panel.Width, columns - first);
            for (int k = 0; k < depth; k++)
            {
                var target = new Span<float>(panels + (nint)first * depth + k * Panel.Width, Panel.Width);
                int row = SourceRow(k, gates, units);
                if (row < 0)
                {
                    target.Clear();
                    continue;
                }

                new ReadOnlySpan<float>(weights + (nint)row * columns + first, width).CopyTo(target);
                target[width..].Clear();
            }
        }
    }

    /// <summary>The sum of the two biases per gate-unit.</summary>
    public static void Bias(float* biasInput, float* biasRecurrent, int gates, int units, float* bias)
    {
        for (int n = 0; n < gates * Panel.PadUnits(units); n++)
        {
            int row = SourceRow(n, gates, units);
            bias[n] = row < 0 ? 0f : biasInput[row] + biasRecurrent[row];
        }
    }

    /// <summary>Rows [first, end) of a matrix as panels of [depth, 32].</summary>
    public static void Rows(float* matrix, nint matrixRow, int first, int end, int columns, float* panels, nint panelStride)
    {
        for (int row = first; row < end; row++)
        {
            float* source = matrix + row * matrixRow;
            float* target = panels + (nint)row * Panel.Width;
            for (int column = 0; column < columns; column += Panel.Width, target += panelStride)
            {
                int width = Math.Min(Panel.Width, columns - column);
                new ReadOnlySpan<float>(source + column, width).CopyTo(new Span<float>(target, width));
            }
        }
    }

    /// <summary>The row of PyTorch's matrix that holds packed gate-unit <paramref name="n"/>, -1 for padding.</summary>
    private static int SourceRow(int n, int gates, int units)
    {
        int unit = n / (gates * U) * U + n % U;
        return unit < units ? n / U % gates * units + unit : -1;
    }
}
