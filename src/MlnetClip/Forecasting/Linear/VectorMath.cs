using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlnetClip.Forecasting;

/// <summary>The loops in double precision that a linear fit spends its time in.</summary>
internal static class VectorMath
{
    private const int Step = 4;

    /// <summary><c>sum(a[i] * b[i])</c>.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        int width = Vector<double>.Count, i = 0;
        Vector<double> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        ref double first = ref MemoryMarshal.GetReference(a), second = ref MemoryMarshal.GetReference(b[..a.Length]);
        for (; i <= a.Length - (Step * width); i += Step * width)
        {
            sum0 += Load(ref first, i) * Load(ref second, i);
            sum1 += Load(ref first, i + width) * Load(ref second, i + width);
            sum2 += Load(ref first, i + (2 * width)) * Load(ref second, i + (2 * width));
            sum3 += Load(ref first, i + (3 * width)) * Load(ref second, i + (3 * width));
        }

        for (; i <= a.Length - width; i += width) sum0 += Load(ref first, i) * Load(ref second, i);
        double sum = Vector.Sum((sum0 + sum1) + (sum2 + sum3));
        for (; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary><c>to[j] += sum over r of factors[r] * rows[r, j]</c>, in the order of the rows.</summary>
    /// <param name="to">Receives the sum, [n].</param>
    /// <param name="factors">A factor for each row, one every <paramref name="stride"/>.</param>
    /// <param name="stride">The distance of two factors, 1 or more.</param>
    /// <param name="rows">The rows, row-major, of which the first n columns are used.</param>
    /// <param name="columns">The length of a row.</param>
    /// <param name="count">The number of rows.</param>
    public static void AddRows(Span<double> to, ReadOnlySpan<double> factors, int stride, ReadOnlySpan<double> rows, int columns, int count)
    {
        int r = 0;
        for (; r <= count - Step; r += Step)
        {
            Add4(to, factors[r * stride], factors[(r + 1) * stride], factors[(r + 2) * stride], factors[(r + 3) * stride],
                rows[(r * columns)..], rows[((r + 1) * columns)..], rows[((r + 2) * columns)..], rows[((r + 3) * columns)..]);
        }

        for (; r < count; r++) AddScaled(to, factors[r * stride], rows[(r * columns)..]);
    }

    /// <summary><c>to[j] += factor * row[j]</c>.</summary>
    public static void AddScaled(Span<double> to, double factor, ReadOnlySpan<double> row)
    {
        int width = Vector<double>.Count, j = 0;
        var by = new Vector<double>(factor);
        ref double sum = ref MemoryMarshal.GetReference(to), values = ref MemoryMarshal.GetReference(row[..to.Length]);
        for (; j <= to.Length - width; j += width) (Load(ref sum, j) + (by * Load(ref values, j))).StoreUnsafe(ref sum, (nuint)j);
        for (; j < to.Length; j++) to[j] += factor * row[j];
    }

    private static void Add4(
        Span<double> to, double f0, double f1, double f2, double f3,
        ReadOnlySpan<double> x0, ReadOnlySpan<double> x1, ReadOnlySpan<double> x2, ReadOnlySpan<double> x3)
    {
        int width = Vector<double>.Count, n = to.Length, j = 0;
        Vector<double> by0 = new(f0), by1 = new(f1), by2 = new(f2), by3 = new(f3);
        ref double sum = ref MemoryMarshal.GetReference(to);
        ref double r0 = ref MemoryMarshal.GetReference(x0[..n]), r1 = ref MemoryMarshal.GetReference(x1[..n]);
        ref double r2 = ref MemoryMarshal.GetReference(x2[..n]), r3 = ref MemoryMarshal.GetReference(x3[..n]);
        for (; j <= n - width; j += width)
        {
            Vector<double> value = Load(ref sum, j) + (by0 * Load(ref r0, j));
            value += by1 * Load(ref r1, j);
            value += by2 * Load(ref r2, j);
            value += by3 * Load(ref r3, j);
            value.StoreUnsafe(ref sum, (nuint)j);
        }

        for (; j < n; j++) to[j] = to[j] + (f0 * x0[j]) + (f1 * x1[j]) + (f2 * x2[j]) + (f3 * x3[j]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Load(ref double first, int at) => Vector.LoadUnsafe(ref first, (nuint)at);
}
