using System.Numerics;
using System.Runtime.InteropServices;

namespace MlnetClip.Kernels;

/// <summary><c>x[i] = min(max(x[i], lower), upper)</c>, counting the elements that changed.</summary>
internal static class ClampInPlace
{
    /// <summary>Clamps every element and returns how many were outside.</summary>
    public static long To(Span<float> x, float lower, float upper)
    {
        Vector<float> low = new(lower), high = new(upper);
        Vector<int> inside = Vector<int>.Zero;
        ref float first = ref MemoryMarshal.GetReference(x);
        int i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> value = Vector.LoadUnsafe(ref first, (nuint)i);
            Vector<float> clamped = Vector.Min(Vector.Max(value, low), high);
            inside += Vector.Equals(value, clamped); // -1 where nothing changed
            clamped.StoreUnsafe(ref first, (nuint)i);
        }

        return i + Vector.Sum(inside) + Scalar(x[i..], lower, upper);
    }

    /// <summary>The scalar form.</summary>
    public static long Scalar(Span<float> x, float lower, float upper)
    {
        long count = 0;
        for (int i = 0; i < x.Length; i++)
        {
            float clamped = Math.Min(Math.Max(x[i], lower), upper);
            if (clamped != x[i]) count++;
            x[i] = clamped;
        }

        return count;
    }
}
