using System.Numerics;
using System.Runtime.InteropServices;

namespace MlnetClip.Kernels;

/// <summary><c>x[i] = min(max(factor * x[i], lower), upper)</c>, counting the elements that were outside.</summary>
internal static class ClampInPlace
{
    /// <summary>Multiplies and clamps every element and returns how many were outside; a factor of 1 changes no bit.</summary>
    public static long To(Span<float> x, float lower, float upper, float factor = 1)
    {
        Vector<float> low = new(lower), high = new(upper), scale = new(factor);
        Vector<int> inside = Vector<int>.Zero;
        ref float first = ref MemoryMarshal.GetReference(x);
        int i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> value = Vector.LoadUnsafe(ref first, (nuint)i) * scale;
            Vector<float> clamped = Vector.Min(Vector.Max(value, low), high);
            inside += Vector.Equals(value, clamped); // -1 where nothing changed
            clamped.StoreUnsafe(ref first, (nuint)i);
        }

        return i + Vector.Sum(inside) + Scalar(x[i..], lower, upper, factor);
    }

    /// <summary>The scalar form.</summary>
    public static long Scalar(Span<float> x, float lower, float upper, float factor = 1)
    {
        long count = 0;
        for (int i = 0; i < x.Length; i++)
        {
            float value = x[i] * factor, clamped = Math.Min(Math.Max(value, lower), upper);
            if (clamped != value) count++;
            x[i] = clamped;
        }

        return count;
    }
}
