using System.Numerics;
using System.Runtime.InteropServices;

namespace MlnetClip.Kernels;

/// <summary>
/// The parts of <c>(sum |x[i]|^p)^(1/p)</c> for p other than 2: the largest magnitude, and the sum of powers relative
/// to it, so that no power overflows or vanishes.
/// </summary>
internal static class PowerNorm
{
    /// <summary><c>max |x[i]|</c>: the norm of order infinity; 0 when empty.</summary>
    public static float Largest(ReadOnlySpan<float> x)
    {
        Vector<float> largest = Vector<float>.Zero;
        ref float first = ref MemoryMarshal.GetReference(x);
        int i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
            largest = Vector.Max(largest, Vector.Abs(Vector.LoadUnsafe(ref first, (nuint)i)));
        float result = LargestScalar(x[i..]);
        for (int k = 0; k < Vector<float>.Count; k++) result = Math.Max(result, largest[k]);
        return result;
    }

    /// <summary>The scalar form of <see cref="Largest"/>.</summary>
    public static float LargestScalar(ReadOnlySpan<float> x)
    {
        float largest = 0;
        foreach (float value in x) largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }

    /// <summary><c>sum (|x[i]| / largest)^p</c> in double, for p other than 1 by <c>exp(p log)</c>.</summary>
    /// <param name="x">Finite elements.</param>
    /// <param name="largest">The largest magnitude of the whole vector of which <paramref name="x"/> is a part, above 0.</param>
    /// <param name="p">The order, above 0 and finite.</param>
    public static double Sum(ReadOnlySpan<float> x, double largest, double p)
    {
        Vector<double> sum = Vector<double>.Zero, scale = new(1 / largest), order = new(p);
        ref float first = ref MemoryMarshal.GetReference(x);
        int i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(Vector.Abs(Vector.LoadUnsafe(ref first, (nuint)i)), out Vector<double> low, out Vector<double> high);
            (low, high) = (low * scale, high * scale);
            sum += p == 1 ? low + high : Vector.Exp(Vector.Log(low) * order) + Vector.Exp(Vector.Log(high) * order); // log 0 is -infinity, its exp 0
        }

        return Vector.Sum(sum) + SumScalar(x[i..], largest, p);
    }

    /// <summary>The scalar form of <see cref="Sum"/>.</summary>
    public static double SumScalar(ReadOnlySpan<float> x, double largest, double p)
    {
        double sum = 0;
        foreach (float value in x) sum += p == 1 ? Math.Abs(value) / largest : Math.Pow(Math.Abs(value) / largest, p);
        return sum;
    }
}
