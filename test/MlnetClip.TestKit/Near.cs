using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace MlnetClip.TestKit;

/// <summary>Comparison of numbers with stated tolerances; a failure names the worst element.</summary>
public static class Near
{
    /// <summary>|expected - actual| / max(|expected|, floor).</summary>
    public static double RelativeError(double expected, double actual, double floor = double.Epsilon) =>
        expected.Equals(actual) ? 0 : Math.Abs(expected - actual) / Math.Max(Math.Abs(expected), floor);

    /// <summary>||expected - actual|| / max(||expected||, floor), over all elements.</summary>
    public static double NormError(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double floor = double.Epsilon)
    {
        Assert.AreEqual(expected.Length, actual.Length, "Lengths differ.");
        double difference = 0, size = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            difference += (expected[i] - actual[i]) * (expected[i] - actual[i]);
            size += expected[i] * expected[i];
        }

        return Math.Sqrt(difference) / Math.Max(Math.Sqrt(size), floor);
    }

    /// <summary>Fails unless two numbers are within a relative tolerance.</summary>
    public static void AssertRelative(double expected, double actual, double tolerance, string what)
    {
        double error = RelativeError(expected, actual);
        if (!(error <= tolerance))
            Assert.Fail($"{what}: expected {expected:R}, got {actual:R}: relative error {error:G3}, allowed {tolerance:G3}.");
    }

    /// <summary>Fails unless every element is within <paramref name="tolerance"/> times the largest absolute element expected.</summary>
    /// <remarks>
    /// The scale is the tensor's, not the element's: an element near zero is a difference of larger terms and carries their rounding.
    /// </remarks>
    public static void AssertAll(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string what) =>
        AssertAll(Doubles(expected), Doubles(actual), tolerance, what);

    /// <inheritdoc cref="AssertAll(ReadOnlySpan{float}, ReadOnlySpan{float}, double, string)"/>
    public static void AssertAll(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance, string what)
    {
        if (expected.Length != actual.Length) Assert.Fail($"{what}: expected {expected.Length} elements, got {actual.Length}.");
        double scale = 0;
        foreach (double value in expected) scale = Math.Max(scale, Math.Abs(value));
        for (int i = 0; i < expected.Length; i++)
        {
            double error = RelativeError(expected[i], actual[i], scale);
            if (!(error <= tolerance))
                Assert.Fail($"{what}, element {i} of {expected.Length}: expected {expected[i]:R}, got {actual[i]:R}: error {error:G3} of the largest element, allowed {tolerance:G3}.");
        }
    }

    /// <summary>Fails unless two spans hold the same bits.</summary>
    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        if (expected.Length != actual.Length) Assert.Fail($"{what}: expected {expected.Length} elements, got {actual.Length}.");
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToUInt32Bits(expected[i]) != BitConverter.SingleToUInt32Bits(actual[i]))
                Assert.Fail($"{what}, element {i} of {expected.Length}: expected the bits of {expected[i]:R}, got {actual[i]:R}.");
        }
    }

    /// <summary>The same numbers in double.</summary>
    public static double[] Doubles(ReadOnlySpan<float> values)
    {
        var doubles = new double[values.Length];
        for (int i = 0; i < values.Length; i++) doubles[i] = values[i];
        return doubles;
    }
}
