using MlnetClip.Kernels;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Kernels;

/// <summary>Every element of the packed weights at small sizes around the panels, next to guard values.</summary>
[TestClass]
public sealed unsafe class PackWeightsTests
{
    private const int U = Panel.UnitBlock, Slices = 3;
    private static readonly int[] Units = [1, 15, 16, 17, 33, 48], Columns = [1, 5, 31, 32, 33, 64, 65, 130];

    [TestMethod]
    public void ForwardPutsTheGatesOfABlockSideBySide()
    {
        foreach (var (gates, units, columns, width) in from g in new[] { 1, 4 } from u in Units from c in Columns from w in new[] { 16, 32, 64 } select (g, u, c, w))
        {
            int outputs = gates * Panel.PadUnits(units), panels = (outputs + width - 1) / width;
            float[] weights = Numbered(gates * units * columns);
            GuardedBuffer packed = Dirty(panels * width * columns);
            fixed (float* source = weights, target = packed.Span)
                for (int slice = 0; slice < Slices; slice++) PackWeights.Forward(source, gates, units, columns, target, width, slice, Slices);
            packed.Check();
            for (int n = 0; n < panels * width; n++)
                for (int k = 0; k < columns; k++)
                    Assert.AreEqual(Weight(weights, gates, units, columns, n, k), packed.Span[(n / width * width * columns) + (k * width) + (n % width)], $"{gates} gates, {units} units, {columns} columns, width {width}: {k}, {n}");
        }
    }

    [TestMethod]
    public void BackwardTakesTheGatesInTheSameOrder()
    {
        foreach (var (gates, units, columns, width) in from g in new[] { 1, 4 } from u in Units from c in Columns from w in new[] { 16, 32 } select (g, u, c, w))
        {
            int depth = gates * Panel.PadUnits(units), panels = (columns + width - 1) / width;
            float[] weights = Numbered(gates * units * columns);
            GuardedBuffer packed = Dirty(panels * width * depth);
            fixed (float* source = weights, target = packed.Span)
                for (int slice = 0; slice < Slices; slice++) PackWeights.Backward(source, gates, units, columns, target, width, slice, Slices);
            packed.Check();
            for (int n = 0; n < packed.Span.Length / depth; n++)
                for (int k = 0; k < depth; k++)
                    Assert.AreEqual(n < columns ? Weight(weights, gates, units, columns, k, n) : 0f, packed.Span[(n / width * width * depth) + (k * width) + (n % width)], $"{gates} gates, {units} units, {columns} columns, width {width}: {k}, {n}");
        }
    }

    [TestMethod]
    public void RowsFillOnlyTheirOwn()
    {
        foreach (var (columns, width) in from c in Columns from w in new[] { 16, 32 } select (c, w))
        {
            const int Count = 7, First = 2, End = 5;
            int stride = Count * width, panels = (columns + width - 1) / width;
            float[] matrix = Numbered(Count * (columns + 3));
            GuardedBuffer packed = Dirty(panels * stride);
            fixed (float* source = matrix, target = packed.Span) PackWeights.Rows(source + (First * (columns + 3)), columns + 3, End - First, columns, target + (First * width), stride, width);
            packed.Check();
            for (int i = 0; i < packed.Span.Length; i++)
            {
                int row = i % stride / width, column = (i / stride * width) + (i % width);
                float expected = row is >= First and < End && column < columns ? matrix[(row * (columns + 3)) + column] : -77f;
                Assert.AreEqual(expected, packed.Span[i], $"{columns} columns, width {width}: row {row}, column {column}");
            }
        }
    }

    /// <summary>The weight of packed gate-unit <paramref name="n"/> and input <paramref name="k"/> in PyTorch's layout; zero for padding.</summary>
    private static float Weight(float[] weights, int gates, int units, int columns, int n, int k)
    {
        int unit = (n / (gates * U) * U) + (n % U), gate = n / U % gates;
        return unit < units && n < gates * Panel.PadUnits(units) ? weights[(((gate * units) + unit) * columns) + k] : 0f;
    }

    private static float[] Numbered(int length) => [.. Enumerable.Range(1, length).Select(i => (float)i)];

    private static GuardedBuffer Dirty(int length)
    {
        var buffer = new GuardedBuffer(length, misalignment: 1);
        buffer.Span.Fill(-77f);
        return buffer;
    }
}
