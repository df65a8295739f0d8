using MlnetClip.Data;
using MlnetClip.Kernels;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Kernels;

/// <summary>The matrix kernel over all small sizes around its tiles, next to guard values, against sums in double.</summary>
[TestClass]
public sealed unsafe class MultiplyTests
{
    [TestMethod]
    [DynamicData(nameof(Paths.All), typeof(Paths))]
    public void MatchesTheSumsInDouble(string path)
    {
        KernelSet kernels = Paths.Kernels(path);
        int[] rowCounts = [.. Enumerable.Range(1, 17)], columnCounts = [1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 96, 129], depths = [0, 1, 2, 7, 33];
        foreach (int rows in rowCounts)
            foreach (int columns in columnCounts)
                foreach (int depth in depths)
                    Compare(kernels, rows, columns, depth);
    }

    [TestMethod]
    [DynamicData(nameof(Paths.All), typeof(Paths))]
    public void ARowIsTheSameAloneAndAmongOthers(string path)
    {
        KernelSet kernels = Paths.Kernels(path);
        const int Rows = 13, Columns = 100;
        foreach (int depth in new[] { 37, 1024, 1025, 2500 }) // deep sums are computed in blocks
        {
            float[] a = Random(1, Rows * depth), b = Packed(Random(2, depth * Columns), depth, Columns, kernels.PanelWidth), start = Random(3, Columns);
            float[] others = Random(4, Rows * depth), all = new float[Rows * Columns];
            Run(kernels, a, others, Rows, b, depth, Columns, start, all);
            for (int row = 0; row < Rows; row++)
            {
                var one = new float[Columns];
                Run(kernels, a.AsSpan(row * depth, depth), others.AsSpan(row * depth, depth), 1, b, depth, Columns, start, one);
                Near.AssertSameBits(all.AsSpan(row * Columns, Columns), one, $"depth {depth}, row {row}");
            }
        }
    }

    private static void Compare(KernelSet kernels, int rows, int columns, int depth)
    {
        ulong seed = SeededRandom.Derive((ulong)rows, (ulong)columns, (ulong)depth);
        float[] left = Random(seed, rows * depth), right = Random(seed + 1, depth * columns), start = Random(seed + 2, rows * columns);
        var a = new GuardedBuffer(left, misalignment: 3);
        var c = new GuardedBuffer(start, misalignment: 5);
        Run(kernels, a.Span, rows, Packed(right, depth, columns, kernels.PanelWidth), depth, columns, c.Span, columns, c.Span);
        c.Check();
        for (int m = 0; m < rows; m++)
        {
            for (int n = 0; n < columns; n++)
            {
                double sum = start[(m * columns) + n], size = Math.Abs(sum);
                for (int k = 0; k < depth; k++)
                {
                    double term = (double)left[(m * depth) + k] * right[(k * columns) + n];
                    sum += term;
                    size += Math.Abs(term);
                }

                double error = Math.Abs(sum - c.Span[(m * columns) + n]);
                Assert.IsTrue(error <= 1e-6 * size, $"{rows} x {columns}, depth {depth}: element {m}, {n} is off by {error:G3}.");
            }
        }
    }

    private static void Run(
        KernelSet kernels, ReadOnlySpan<float> a, int rows, float[] b, int depth, int columns, ReadOnlySpan<float> start, int startRow, Span<float> c)
    {
        fixed (float* pa = a, pb = b, ps = start, pc = c)
        {
            var product = kernels.RowsTimes(pa, depth, pb, depth);
            kernels.Multiply(&product, 1, rows, columns, ps, startRow, pc, columns);
        }
    }

    /// <summary>The sum of two products with the same matrix.</summary>
    private static void Run(
        KernelSet kernels, ReadOnlySpan<float> a, ReadOnlySpan<float> others, int rows, float[] b, int depth, int columns, ReadOnlySpan<float> start, Span<float> c)
    {
        fixed (float* pa = a, po = others, pb = b, ps = start, pc = c)
        {
            Product* terms = stackalloc[] { kernels.RowsTimes(pa, depth, pb, depth), kernels.RowsTimes(po, depth, pb, depth) };
            kernels.Multiply(terms, 2, rows, columns, ps, 0, pc, columns);
        }
    }

    /// <summary>A row-major [depth, columns] matrix as panels of <paramref name="width"/> columns.</summary>
    private static float[] Packed(float[] matrix, int depth, int columns, int width)
    {
        var packed = new float[Math.Max(1, Panel.Length(depth, columns))];
        for (int k = 0; k < depth; k++)
            for (int n = 0; n < columns; n++)
                packed[(n / width * width * depth) + (k * width) + (n % width)] = matrix[(k * columns) + n];
        return packed;
    }

    private static float[] Random(ulong seed, int length)
    {
        var random = new SeededRandom(seed);
        var values = new float[length];
        for (int i = 0; i < length; i++) values[i] = (2f * random.NextSingle()) - 1f;
        return values;
    }
}
