using System.Numerics;

namespace MlnetClip.Layers;

/// <summary>Elementwise passes over rows whose length is a multiple of 16.</summary>
internal static unsafe class RowMath
{
    /// <summary>target += source.</summary>
    public static void Add(float* source, float* target, int length)
    {
        for (int n = 0; n < length; n += Vector<float>.Count)
            Vector.Store(Vector.Load(target + n) + Vector.Load(source + n), target + n);
    }

    /// <summary>target = source * factor, element by element.</summary>
    public static void Multiply(float* source, float* factor, float* target, int length)
    {
        for (int n = 0; n < length; n += Vector<float>.Count)
            Vector.Store(Vector.Load(source + n) * Vector.Load(factor + n), target + n);
    }

    /// <summary>target = source * factor.</summary>
    public static void Scale(float* source, float factor, float* target, int length)
    {
        for (int n = 0; n < length; n += Vector<float>.Count)
            Vector.Store(Vector.Load(source + n) * factor, target + n);
    }

    /// <summary>Sets rows to zero.</summary>
    public static void Clear(float* target, nint length) =>
        System.Runtime.InteropServices.NativeMemory.Clear(target, (nuint)length * sizeof(float));
}
