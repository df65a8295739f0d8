using MlnetClip.Kernels;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Kernels;

/// <summary>The elementwise kernels of the cells at every number of blocks up to 320 floats, next to guard values, against the formulas in double.</summary>
[TestClass]
public sealed unsafe class CellTests
{
    private const int U = Panel.UnitBlock;

    [TestMethod]
    [DynamicData(nameof(Paths.All), typeof(Paths))]
    public void TheExponentialsAreAccurateToFloat(string path)
    {
        KernelSet kernels = Paths.Kernels(path);
        var z = new float[U];
        var h = new float[U];
        for (double x = -30; x <= 30; x += 0.0137)
        {
            z.AsSpan().Fill((float)x);
            fixed (float* pz = z, ph = h) kernels.TanhForward(pz, ph, U);
            double expected = Math.Tanh((float)x);
            foreach (float value in h) Assert.IsTrue(Math.Abs(value - expected) <= 4e-7 * Math.Abs(expected), $"tanh({x:R}) is {value:R}, not {expected:R}.");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Paths.All), typeof(Paths))]
    public void NaNStaysNaN(string path)
    {
        KernelSet kernels = Paths.Kernels(path);
        var z = new float[U];
        var h = new float[U];
        z.AsSpan().Fill(float.NaN);
        fixed (float* pz = z, ph = h) kernels.TanhForward(pz, ph, U);
        foreach (float value in h) Assert.IsTrue(float.IsNaN(value));
    }

    [TestMethod]
    [DynamicData(nameof(Paths.All), typeof(Paths))]
    public void TheLstmCellFollowsItsFormulas(string path)
    {
        KernelSet kernels = Paths.Kernels(path);
        for (int blocks = 0; blocks <= 320 / U; blocks++)
        {
            int n = blocks * U;
            GuardedBuffer gates = Filled(4 * n, 0.37), before = Filled(n, 0.91), c = new(n, 1), h = new(n, 2);
            double[] sums = [.. gates.Span.ToArray().Select(v => (double)v)];
            fixed (float* pg = gates.Span, pb = before.Span, pc = c.Span, ph = h.Span) kernels.LstmForward(pg, pb, pc, ph, blocks);

            GuardedBuffer dH = Filled(n, 0.53), dC = Filled(n, 0.29), derivatives = new(gates.Span, 3);
            float[] dCAfter = dC.Span.ToArray();
            fixed (float* pg = derivatives.Span, pb = before.Span, pc = c.Span, ph = dH.Span, pd = dC.Span) kernels.LstmBackward(pg, pb, pc, ph, pd, blocks, -n);

            for (int e = 0; e < n; e++)
            {
                int g0 = (e / U * 4 * U) + (e % U);
                double i = Sigmoid(sums[g0]), f = Sigmoid(sums[g0 + U]), g = Math.Tanh(sums[g0 + (2 * U)]), o = Sigmoid(sums[g0 + (3 * U)]);
                double cell = (f * before.Span[e]) + (i * g), tanh = Math.Tanh(cell), dh = dH.Span[e];
                double dc = dCAfter[e] + (dh * o * (1 - (tanh * tanh)));
                string where = $"{blocks} blocks, element {e}";
                Close(cell, c.Span[e], where);
                Close(o * tanh, h.Span[e], where);
                Close(dc * g * i * (1 - i), derivatives.Span[g0], where);
                Close(dc * before.Span[e] * f * (1 - f), derivatives.Span[g0 + U], where);
                Close(dc * i * (1 - (g * g)), derivatives.Span[g0 + (2 * U)], where);
                Close(dh * tanh * o * (1 - o), derivatives.Span[g0 + (3 * U)], where);
                Close(dc * f, dC.Span[e], where);
            }

            foreach (GuardedBuffer buffer in new[] { gates, before, c, h, dH, dC, derivatives }) buffer.Check();
        }
    }

    [TestMethod]
    [DynamicData(nameof(Paths.All), typeof(Paths))]
    public void ARowGivesTheBitsOfTheProductAndTheCell(string path)
    {
        KernelSet kernels = Paths.Kernels(path);
        foreach (var (blocks, depth, descending) in from b in Enumerable.Range(1, 5) from k in Enumerable.Range(0, 35) from d in new[] { false, true } select (b, k, d))
        {
            int n = blocks * U;
            GuardedBuffer z = Filled(4 * n, 0.37), hBefore = Filled(depth, 0.53), weights = Filled(4 * n * depth, 0.11), c = Filled(n, 0.91), h = new(n, 1);
            float[] expectedZ = z.Span.ToArray(), expectedC = c.Span.ToArray(), expectedH = new float[n];
            fixed (float* pz = expectedZ, pa = hBefore.Span, pw = weights.Span, pc = expectedC, ph = expectedH)
            {
                // The gates of a block stand in two panels' worth of columns: each half of 32 has a step of 64.
                for (int half = 0; half < 2 * blocks; half++)
                {
                    float* sums = pz + (half * Panel.Width);
                    var product = new Product(pa, 0, 1, pw + ((nint)(half / 2) * depth * 4 * U) + (half % 2 * Panel.Width), 4 * U, 0, depth);
                    kernels.Multiply(&product, 1, 1, Panel.Width, sums, 0, sums, Panel.Width);
                }

                kernels.LstmForward(pz, pc, pc, ph, blocks);
            }

            fixed (float* pz = z.Span, pa = hBefore.Span, pw = weights.Span, pc = c.Span, ph = h.Span)
                kernels.LstmRow(pz, pa, pw, depth, pc, ph, blocks, descending);
            string where = $"{blocks} blocks, depth {depth}";
            Near.AssertSameBits(expectedC, c.Span, $"{where}: c");
            Near.AssertSameBits(expectedH, h.Span, $"{where}: h");
            foreach (GuardedBuffer buffer in new[] { z, hBefore, weights, c, h }) buffer.Check();
        }
    }

    [TestMethod]
    [DynamicData(nameof(Paths.All), typeof(Paths))]
    public void AGruRowGivesTheBitsOfTheProductsAndTheCell(string path)
    {
        KernelSet kernels = Paths.Kernels(path);
        foreach (var (blocks, depth, descending) in from b in Enumerable.Range(1, 5) from k in Enumerable.Range(0, 35) from d in new[] { false, true } select (b, k, d))
        {
            int n = blocks * U, pairs = (blocks + 1) / 2;
            GuardedBuffer sums = Filled(4 * n, 0.37), hBefore = Filled(Math.Max(n, depth), 0.53), h = new(n, 1);
            GuardedBuffer gates = Filled(2 * n * depth, 0.11), candidates = Filled(pairs * 2 * U * depth, 0.17);
            float[] expectedSums = sums.Span.ToArray(), expectedH = new float[n];
            fixed (float* ps = expectedSums, pa = hBefore.Span, pg = gates.Span, pc = candidates.Span, ph = expectedH)
            {
                var rz = Product.OfRows(pa, hBefore.Span.Length, pg, depth);
                kernels.Multiply(&rz, 1, 1, 2 * n, ps, 0, ps, 0);
                var nh = Product.OfRows(pa, hBefore.Span.Length, pc, depth);
                kernels.Multiply(&nh, 1, 1, n, ps + (3 * n), 0, ps + (3 * n), 0);
                kernels.GruForward(ps, pa, ph, 1, n);
            }

            fixed (float* ps = sums.Span, pa = hBefore.Span, pg = gates.Span, pc = candidates.Span, ph = h.Span)
                kernels.GruRow(ps, pa, pg, pc, depth, ph, blocks, descending);
            Near.AssertSameBits(expectedH, h.Span, $"{blocks} blocks, depth {depth}: h");
            foreach (GuardedBuffer buffer in new[] { sums, hBefore, gates, candidates, h }) buffer.Check();
        }
    }

    [TestMethod]
    [DynamicData(nameof(Paths.All), typeof(Paths))]
    public void TheTanhCellFollowsItsFormulas(string path)
    {
        KernelSet kernels = Paths.Kernels(path);
        for (int n = 0; n <= 256; n += U)
        {
            GuardedBuffer z = Filled(n, 0.7), h = new(n, 1), dH = Filled(n, 0.3), dZ = new(n, 2);
            fixed (float* pz = z.Span, ph = h.Span, pd = dH.Span, pr = dZ.Span)
            {
                kernels.TanhForward(pz, ph, n);
                kernels.TanhBackward(pr, ph, pd, n);
            }

            for (int e = 0; e < n; e++)
            {
                double tanh = Math.Tanh(z.Span[e]);
                Close(tanh, h.Span[e], $"length {n}, element {e}");
                Close(dH.Span[e] * (1 - (tanh * tanh)), dZ.Span[e], $"length {n}, element {e}");
            }

            foreach (GuardedBuffer buffer in new[] { z, h, dH, dZ }) buffer.Check();
        }
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static void Close(double expected, float actual, string where) =>
        Assert.IsTrue(Math.Abs(expected - actual) <= 1e-6, $"{where}: {actual:R} instead of {expected:R}.");

    /// <summary>Values of either sign and of sizes around 1, different in every element.</summary>
    private static GuardedBuffer Filled(int length, double phase) =>
        new([.. Enumerable.Range(0, length).Select(i => (float)(2 * Math.Sin(phase + (i * 1.3))))], misalignment: 1);
}
