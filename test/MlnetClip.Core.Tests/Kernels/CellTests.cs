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
            fixed (float* pg = derivatives.Span, pb = before.Span, ph = h.Span, pdh = dH.Span, pd = dC.Span) kernels.LstmBackward(pg, pb, ph, pdh, pd, blocks, -n);

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
    public void AClosedLstmCellHasFiniteDerivatives(string path)
    {
        KernelSet kernels = Paths.Kernels(path);
        foreach (float sum in new[] { float.NegativeInfinity, -1000f, -88f, -87f, 1000f, float.PositiveInfinity })
        {
            float[] gates = new float[4 * U], before = new float[U], c = new float[U], h = new float[U], dH = new float[U], dC = new float[U];
            gates.AsSpan().Fill(sum);
            before.AsSpan().Fill(0.5f);
            dH.AsSpan().Fill(2f);
            fixed (float* pg = gates, pb = before, pc = c, ph = h, pdh = dH, pd = dC)
            {
                kernels.LstmForward(pg, pb, pc, ph, 1);
                kernels.LstmBackward(pg, pb, ph, pdh, pd, 1, 0);
            }

            foreach (float value in gates.Concat(dC)) Assert.IsTrue(Math.Abs(value) <= 1f, $"{value} at sums of {sum}");
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
            float[] expectedZ = z.Span.ToArray(), expectedC = c.Span.ToArray(), expectedH = new float[n], padded = [.. weights.Span, .. new float[4 * U]];
            fixed (float* pz = expectedZ, pa = hBefore.Span, pw = padded, pc = expectedC, ph = expectedH)
            {
                for (int gate = 0; gate < 4 * blocks; gate++)
                    Product(kernels, pa, pw + (((gate / 4 * depth * 4) + (gate % 4)) * U), 4 * U, depth, pz + (gate * U));
                kernels.LstmForward(pz, pc, pc, ph, blocks);
            }

            fixed (float* pz = z.Span, pa = hBefore.Span, pw = weights.Span, pc = c.Span, ph = h.Span)
                kernels.Inference.LstmRow(pz, pa, pw, depth, pc, ph, blocks, descending);
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
            int n = blocks * U;
            GuardedBuffer sums = Filled(4 * n, 0.37), hBefore = Filled(Math.Max(n, depth), 0.53), weights = Filled(3 * n * depth, 0.11), h = new(n, 1);
            float[] expectedSums = sums.Span.ToArray(), expectedH = new float[n], padded = [.. weights.Span, .. new float[4 * U]];
            fixed (float* ps = expectedSums, pa = hBefore.Span, pw = padded, ph = expectedH)
            {
                for (int block = 0; block < blocks; block++)
                {
                    // r, z and the hidden state's part of n, which is the fourth sum. With one block, a row of sums is that of the training kernel.
                    for (int gate = 0; gate < 3; gate++)
                        Product(kernels, pa, pw + (((block * depth * 3) + gate) * U), 3 * U, depth, ps + (((block * 4) + (gate < 2 ? gate : 3)) * U));
                    kernels.GruForward(ps + (block * 4 * U), pa + (block * U), ph + (block * U), 1, U);
                }
            }

            fixed (float* ps = sums.Span, pa = hBefore.Span, pw = weights.Span, ph = h.Span)
                kernels.Inference.GruRow(ps, pa, pw, depth, ph, blocks, descending);
            Near.AssertSameBits(expectedH, h.Span, $"{blocks} blocks, depth {depth}: h");
            foreach (GuardedBuffer buffer in new[] { sums, hBefore, weights, h }) buffer.Check();
        }
    }

    [TestMethod]
    [DynamicData(nameof(Paths.All), typeof(Paths))]
    public void RowsOfAnLstmHaveTheBitsOfEachAlone(string path)
    {
        InferenceKernels kernels = Paths.Kernels(path).Inference;
        foreach (var (rows, blocks, inputs, descending) in Batches())
        {
            int n = blocks * U;
            RowsData data = new(rows, blocks, inputs, vectors: 4);
            GuardedBuffer c = Filled(rows * n, 0.91);
            float[] expectedC = c.Span.ToArray(), expectedH = new float[rows * n], z = new float[4 * n];
            fixed (float* px = data.X.Span, pa = data.Before.Span, pi = data.InputWeights.Span, pw = data.HiddenWeights.Span, pb = data.Bias.Span, pc = expectedC, ph = expectedH, pz = z)
            {
                for (int row = 0; row < rows; row++)
                {
                    kernels.GateSums(new GateTerm(px + (row * inputs), inputs, pi, inputs), 4, 1, pb, blocks, pz);
                    kernels.LstmRow(pz, pa + (row * n), pw, n, pc + (row * n), ph + (row * n), blocks, descending);
                }
            }

            fixed (float* pc = c.Span) data.Run(step => kernels.LstmRows(step), pc, descending);
            Near.AssertSameBits(expectedC, c.Span, $"{rows} rows, {blocks} blocks, {inputs} inputs: c");
            Near.AssertSameBits(expectedH, data.After.Span, $"{rows} rows, {blocks} blocks, {inputs} inputs: h");
            c.Check();
            data.Check();
        }
    }

    [TestMethod]
    [DynamicData(nameof(Paths.All), typeof(Paths))]
    public void RowsOfAGruHaveTheBitsOfEachAlone(string path)
    {
        InferenceKernels kernels = Paths.Kernels(path).Inference;
        foreach (var (rows, blocks, inputs, descending) in Batches())
        {
            int n = blocks * U;
            RowsData data = new(rows, blocks, inputs, vectors: 3);
            float[] expectedH = new float[rows * n], z = new float[4 * n];
            fixed (float* px = data.X.Span, pa = data.Before.Span, pi = data.InputWeights.Span, pw = data.HiddenWeights.Span, pb = data.Bias.Span, ph = expectedH, pz = z)
            {
                for (int row = 0; row < rows; row++)
                {
                    kernels.GateSums(new GateTerm(px + (row * inputs), inputs, pi, inputs), 3, 1, pb, blocks, pz);
                    kernels.GruRow(pz, pa + (row * n), pw, n, ph + (row * n), blocks, descending);
                }
            }

            data.Run(step => kernels.GruRows(step), null, descending);
            Near.AssertSameBits(expectedH, data.After.Span, $"{rows} rows, {blocks} blocks, {inputs} inputs: h");
            data.Check();
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

    /// <summary>sums += a times 16 columns of weights; a panel is read over its full width.</summary>
    private static void Product(KernelSet kernels, float* a, float* weights, nint step, int depth, float* sums)
    {
        var product = new Product(a, 0, 1, weights, step, 0, depth);
        kernels.Multiply(&product, 1, 1, U, sums, 0, sums, U);
    }

    /// <summary>Every height of a tile and more, few and many blocks, with and without inputs.</summary>
    private static IEnumerable<(int Rows, int Blocks, int Inputs, bool Descending)> Batches() =>
        from rows in Enumerable.Range(1, 14) from blocks in new[] { 1, 2, 5 } from inputs in new[] { 0, 1, 7, 33 } from d in new[] { false, true } select (rows, blocks, inputs, d);

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static void Close(double expected, float actual, string where) =>
        Assert.IsTrue(Math.Abs(expected - actual) <= 1e-6, $"{where}: {actual:R} instead of {expected:R}.");

    /// <summary>Values of either sign and of sizes around 1, different in every element.</summary>
    private static GuardedBuffer Filled(int length, double phase) =>
        new([.. Enumerable.Range(0, length).Select(i => (float)(2 * Math.Sin(phase + (i * 1.3))))], misalignment: 1);
}
