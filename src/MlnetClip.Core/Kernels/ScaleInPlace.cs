using System.Numerics;
using System.Runtime.InteropServices;

namespace MlnetClip.Kernels;

/// <summary><c>x[i] *= factor</c>.</summary>
/// <remarks>
/// A factor that float holds as a normal number multiplies in float. Any other (1e-42 for a gradient of 1e38, 1e42 for
/// one of 1e-42) multiplies in double and rounds once, so that no precision is lost to a subnormal factor.
/// </remarks>
internal static class ScaleInPlace
{
    /// <summary>True when <paramref name="factor"/> fits into a normal float, so that scaling by it in float is exact to rounding.</summary>
    public static bool FitsFloat(double factor) => Math.Abs(factor) is >= 1.17549435e-38 and <= float.MaxValue;

    /// <summary>Multiplies every element by <paramref name="factor"/>.</summary>
    public static void By(Span<float> x, double factor)
    {
        if (!FitsFloat(factor))
        {
            for (int k = 0; k < x.Length; k++) x[k] = (float)(x[k] * factor);
            return;
        }

        float single = (float)factor;
        Vector<float> scale = new(single);
        ref float first = ref MemoryMarshal.GetReference(x);
        int i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
            (Vector.LoadUnsafe(ref first, (nuint)i) * scale).StoreUnsafe(ref first, (nuint)i);
        Scalar(x[i..], single);
    }

    /// <summary>The scalar form.</summary>
    public static void Scalar(Span<float> x, float factor)
    {
        for (int i = 0; i < x.Length; i++) x[i] *= factor;
    }
}
