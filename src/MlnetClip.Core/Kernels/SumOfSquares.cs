using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlnetClip.Kernels;

/// <summary>
/// <c>sum(x[i]^2)</c> in double. The square of a float is exact in double and cannot overflow there (3.4e38^2 = 1.2e77),
/// so the sum is finite exactly when every element is.
/// </summary>
/// <remarks>
/// Element i goes to lane i mod 32 and the lanes are added pairwise, on every path alike: the result does not depend
/// on the vector width, bit for bit.
/// </remarks>
internal static class SumOfSquares
{
    private const int Lanes = 32;

    /// <summary>The sum over <paramref name="x"/>; 0 when it is empty.</summary>
    public static double Of(ReadOnlySpan<float> x) =>
        Vector512.IsHardwareAccelerated ? Wide(x) : Vector128.IsHardwareAccelerated ? Narrow(x) : Scalar(x);

    /// <summary>The scalar form.</summary>
    public static double Scalar(ReadOnlySpan<float> x)
    {
        Span<double> lanes = stackalloc double[Lanes];
        lanes.Clear();
        return Finish(x, 0, lanes);
    }

    /// <summary>Vectors of 16 floats.</summary>
    public static double Wide(ReadOnlySpan<float> x)
    {
        Span<double> lanes = stackalloc double[Lanes];
        ref float first = ref MemoryMarshal.GetReference(x);
        Vector512<double> s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            (Vector512<double> a, Vector512<double> b) = Vector512.Widen(Vector512.LoadUnsafe(ref first, (nuint)i));
            (Vector512<double> c, Vector512<double> d) = Vector512.Widen(Vector512.LoadUnsafe(ref first, (nuint)i + 16));
            s0 += a * a;
            s1 += b * b;
            s2 += c * c;
            s3 += d * d;
        }

        s0.CopyTo(lanes);
        s1.CopyTo(lanes[8..]);
        s2.CopyTo(lanes[16..]);
        s3.CopyTo(lanes[24..]);
        return Finish(x, i, lanes);
    }

    /// <summary>Vectors of 8 floats, or pairs of 4.</summary>
    public static double Narrow(ReadOnlySpan<float> x)
    {
        Span<double> lanes = stackalloc double[Lanes];
        ref float first = ref MemoryMarshal.GetReference(x);
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            (Vector256<double> a, Vector256<double> b) = Vector256.Widen(Vector256.LoadUnsafe(ref first, (nuint)i));
            (Vector256<double> c, Vector256<double> d) = Vector256.Widen(Vector256.LoadUnsafe(ref first, (nuint)i + 8));
            s0 += a * a;
            s1 += b * b;
            s2 += c * c;
            s3 += d * d;
            (a, b) = Vector256.Widen(Vector256.LoadUnsafe(ref first, (nuint)i + 16));
            (c, d) = Vector256.Widen(Vector256.LoadUnsafe(ref first, (nuint)i + 24));
            s4 += a * a;
            s5 += b * b;
            s6 += c * c;
            s7 += d * d;
        }

        s0.CopyTo(lanes);
        s1.CopyTo(lanes[4..]);
        s2.CopyTo(lanes[8..]);
        s3.CopyTo(lanes[12..]);
        s4.CopyTo(lanes[16..]);
        s5.CopyTo(lanes[20..]);
        s6.CopyTo(lanes[24..]);
        s7.CopyTo(lanes[28..]);
        return Finish(x, i, lanes);
    }

    private static double Finish(ReadOnlySpan<float> x, int done, Span<double> lanes)
    {
        for (int i = done; i < x.Length; i++) lanes[i % Lanes] += (double)x[i] * x[i];
        for (int width = Lanes / 2; width > 0; width /= 2)
            for (int k = 0; k < width; k++) lanes[k] += lanes[k + width];
        return lanes[0];
    }
}
