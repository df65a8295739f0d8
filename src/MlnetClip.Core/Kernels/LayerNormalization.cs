using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>
/// Layer normalization of rows, <c>nn.LayerNorm</c>: y = xhat * weight + bias with xhat = (x - mean) / sqrt(variance + epsilon), mean and
/// (biased) variance over the row.
/// </summary>
/// <remarks>Rows are padded to a multiple of 16; <c>mask</c> is 1 for the row's columns and 0 for the padding.</remarks>
internal static unsafe class LayerNormalization<V> where V : unmanaged, ISimd<V>
{
    /// <summary>Normalizes rows.</summary>
    /// <param name="x">Rows to normalize, their padding zero.</param>
    /// <param name="xRow">Distance between rows of x.</param>
    /// <param name="y">Receives the rows, [rows, padded].</param>
    /// <param name="statistics">Receives mean and 1 / sqrt(variance + epsilon) of each row, [rows, 2].</param>
    /// <param name="parameters">Weight, bias and mask, [3, padded].</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Columns of a row.</param>
    /// <param name="padded">Columns with padding.</param>
    /// <param name="epsilon">Added to the variance.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(
        float* x, nint xRow, float* y, float* statistics, float* parameters, int rows, int columns, int padded, float epsilon)
    {
        float* weight = parameters, bias = parameters + padded, mask = parameters + 2 * padded;
        for (int row = 0; row < rows; row++, x += xRow, y += padded, statistics += 2)
        {
            V sum = V.Create(0f);
            for (int n = 0; n < padded; n += V.Lanes) sum += V.Load(x + n) * V.Load(mask + n);
            float mean = V.Sum(sum) / columns;
            V squares = V.Create(0f), center = V.Create(mean);
            for (int n = 0; n < padded; n += V.Lanes)
            {
                V difference = (V.Load(x + n) - center) * V.Load(mask + n);
                squares = V.MultiplyAdd(difference, difference, squares);
            }

            float scale = 1f / MathF.Sqrt(V.Sum(squares) / columns + epsilon);
            V factor = V.Create(scale);
            for (int n = 0; n < padded; n += V.Lanes)
                V.Store(y + n, V.MultiplyAdd((V.Load(x + n) - center) * factor, V.Load(weight + n), V.Load(bias + n)));
            (statistics[0], statistics[1]) = (mean, scale);
        }
    }

    /// <summary>dx = (g - mean(g) - xhat * mean(g * xhat)) * scale with g = dy * weight.</summary>
    /// <param name="x">As in <see cref="Forward"/>.</param>
    /// <param name="xRow">Distance between rows of x.</param>
    /// <param name="dY">Derivative with respect to y, [rows, padded], its padding zero.</param>
    /// <param name="dX">Receives the derivative with respect to x.</param>
    /// <param name="dXRow">Distance between rows of dX.</param>
    /// <param name="statistics">From <see cref="Forward"/>.</param>
    /// <param name="parameters">As in <see cref="Forward"/>.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Columns of a row.</param>
    /// <param name="padded">Columns with padding.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(
        float* x, nint xRow, float* dY, float* dX, nint dXRow, float* statistics, float* parameters, int rows, int columns, int padded)
    {
        float* weight = parameters, mask = parameters + 2 * padded;
        for (int row = 0; row < rows; row++, x += xRow, dY += padded, dX += dXRow, statistics += 2)
        {
            V center = V.Create(statistics[0]), scale = V.Create(statistics[1]), sum = V.Create(0f), product = V.Create(0f);
            for (int n = 0; n < padded; n += V.Lanes)
            {
                V g = V.Load(dY + n) * V.Load(weight + n);
                sum += g;
                product = V.MultiplyAdd(g, (V.Load(x + n) - center) * scale, product);
            }

            V meanG = V.Create(V.Sum(sum) / columns), meanProduct = V.Create(V.Sum(product) / columns);
            for (int n = 0; n < padded; n += V.Lanes)
            {
                V g = V.Load(dY + n) * V.Load(weight + n);
                V xHat = (V.Load(x + n) - center) * scale;
                V.Store(dX + n, (g - meanG - xHat * meanProduct) * scale * V.Load(mask + n));
            }
        }
    }

    /// <summary>dweight = sum of dy * xhat and dbias = sum of dy over all rows, in their order, for 16 columns.</summary>
    /// <param name="x">The first of the columns in the first row.</param>
    /// <param name="xRow">Distance between rows of x.</param>
    /// <param name="dY">Likewise in dY.</param>
    /// <param name="dYRow">Distance between rows of dY.</param>
    /// <param name="statistics">From <see cref="Forward"/>.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="sums">Receives 16 sums for the weight, then 16 for the bias.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Gradients(float* x, nint xRow, float* dY, nint dYRow, float* statistics, int rows, float* sums)
    {
        for (int lane = 0; lane < Panel.UnitBlock; lane += V.Lanes)
        {
            V weight = V.Create(0f), bias = V.Create(0f);
            float* source = x + lane, derivative = dY + lane, row = statistics;
            for (int r = 0; r < rows; r++, source += xRow, derivative += dYRow, row += 2)
            {
                V dy = V.Load(derivative);
                weight = V.MultiplyAdd(dy, (V.Load(source) - V.Create(row[0])) * V.Create(row[1]), weight);
                bias += dy;
            }

            V.Store(sums + lane, weight);
            V.Store(sums + Panel.UnitBlock + lane, bias);
        }
    }
}
