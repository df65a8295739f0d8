using MlnetClip.Data;
using MlnetClip.Kernels;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Kernels;

/// <summary>The kernels of clipping at every small length, next to guard values, against their scalar forms.</summary>
[TestClass]
public sealed class ClippingKernelTests
{
    [TestMethod]
    public void SumOfSquaresIsTheSameOnEveryWidth() => AtEveryLength((values, buffer) =>
    {
        double exact = 0;
        foreach (float value in values) exact += (double)value * value;
        double sum = SumOfSquares.Scalar(buffer.Span);
        Near.AssertRelative(exact, sum, 1e-14, $"length {values.Length}");
        Assert.AreEqual(sum, SumOfSquares.Wide(buffer.Span));
        Assert.AreEqual(sum, SumOfSquares.Narrow(buffer.Span));
        Assert.AreEqual(sum, SumOfSquares.Of(buffer.Span));
    });

    [TestMethod]
    [DataRow(float.MaxValue)]
    [DataRow(float.Epsilon)]
    [DataRow(1e-40f)]
    public void SumOfSquaresNeitherOverflowsNorVanishes(float value)
    {
        var values = new float[10_000];
        values.AsSpan().Fill(value);
        double expected = values.Length * ((double)value * value);
        Assert.IsTrue(double.IsFinite(expected) && expected > 0);
        Near.AssertRelative(expected, SumOfSquares.Of(values), 1e-12, "sum");
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void SumOfSquaresIsFiniteExactlyWhenAllElementsAre(float bad)
    {
        for (int place = 0; place < 100; place++)
        {
            var values = new float[100];
            values[place] = bad;
            Assert.IsFalse(double.IsFinite(SumOfSquares.Of(values)), $"place {place}");
        }
    }

    [TestMethod]
    public void ScaleMatchesItsScalarForm() => AtEveryLength((values, buffer) =>
    {
        ScaleInPlace.Scalar(values, 0.37f);
        ScaleInPlace.By(buffer.Span, 0.37f);
        Near.AssertSameBits(values, buffer.Span, "scaled");
    });

    [TestMethod]
    [DataRow(1e38f, 1e-42, 1e-4f)]
    [DataRow(1e-42f, 1e42, 1f)]
    [DataRow(-3e38f, 1e-45, -3e-7f)]
    [DataRow(2f, 0.0, 0f)]
    public void AScaleThatFloatCannotHoldKeepsItsPrecision(float value, double factor, float expected)
    {
        float[] values = [value, value, value];
        ScaleInPlace.By(values, factor);
        foreach (float scaled in values) Near.AssertRelative(expected, scaled, 1e-3, "product"); // 1e-42f itself has few digits
    }

    [TestMethod]
    public void ClampMatchesItsScalarFormAndCounts() => AtEveryLength((values, buffer) =>
    {
        long outside = values.LongCount(v => v < -0.3f || v > 0.2f);
        Assert.AreEqual(outside, ClampInPlace.Scalar(values, -0.3f, 0.2f));
        Assert.AreEqual(outside, ClampInPlace.To(buffer.Span, -0.3f, 0.2f));
        Near.AssertSameBits(values, buffer.Span, "clamped");
    });

    [TestMethod]
    public void LargestMatchesItsScalarForm() => AtEveryLength((values, buffer) =>
    {
        float largest = values.Length == 0 ? 0 : values.Max(Math.Abs);
        Assert.AreEqual(largest, PowerNorm.LargestScalar(buffer.Span));
        Assert.AreEqual(largest, PowerNorm.Largest(buffer.Span));
    });

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(3.0)]
    [DataRow(0.5)]
    [DataRow(7.3)]
    public void PowersAreRelativeToTheLargest(double order) => AtEveryLength((values, buffer) =>
    {
        double sum = values.Sum(v => Math.Pow(Math.Abs(v) / 2.0, order));
        Near.AssertRelative(sum, PowerNorm.SumScalar(buffer.Span, 2, order), 1e-12, "scalar sum");
        Near.AssertRelative(sum, PowerNorm.Sum(buffer.Span, 2, order), 1e-12, "sum");
    });

    [TestMethod]
    public void PowersTakeZerosAndTheSmallestNumbers()
    {
        var values = new float[40];
        values[3] = float.Epsilon;
        values[17] = -2;
        foreach (double order in (double[])[0.1, 1, 2.5, 30]) Near.AssertRelative(1 + Math.Pow(float.Epsilon / 2.0, order), PowerNorm.Sum(values, 2, order), 1e-12, $"order {order}");
    }

    private static void AtEveryLength(Action<float[], GuardedBuffer> check)
    {
        var random = new SeededRandom(3);
        for (int length = 0; length <= 256; length++)
        {
            var values = new float[length];
            foreach (ref float value in values.AsSpan()) value = (2 * random.NextSingle()) - 1;
            var buffer = new GuardedBuffer(values, length % 5);
            check(values, buffer);
            buffer.Check();
        }
    }
}
