using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MlnetClip.Kernels;

/// <summary>Copies four rows of a matrix to four columns of another.</summary>
internal static unsafe class Transpose
{
    /// <summary>target[k, n] = source[n, k] for 4 rows n and all k.</summary>
    /// <param name="source">The first of 4 rows.</param>
    /// <param name="sourceRow">Distance between rows of the source.</param>
    /// <param name="count">Elements of a row.</param>
    /// <param name="target">Receives the columns.</param>
    /// <param name="targetRow">Distance between rows of the target.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void FourRows(float* source, nint sourceRow, int count, float* target, nint targetRow)
    {
        float* r0 = source, r1 = r0 + sourceRow, r2 = r1 + sourceRow, r3 = r2 + sourceRow;
        int k = 0;
        for (; k + 4 <= count; k += 4, target += 4 * targetRow)
        {
            Vector128<float> a = Vector128.Load(r0 + k), b = Vector128.Load(r1 + k), c = Vector128.Load(r2 + k), d = Vector128.Load(r3 + k);
            Vector128<float> ac = Low(a, c), bd = Low(b, d), acHigh = High(a, c), bdHigh = High(b, d);
            Low(ac, bd).Store(target);
            High(ac, bd).Store(target + targetRow);
            Low(acHigh, bdHigh).Store(target + 2 * targetRow);
            High(acHigh, bdHigh).Store(target + 3 * targetRow);
        }

        for (; k < count; k++, target += targetRow) (target[0], target[1], target[2], target[3]) = (r0[k], r1[k], r2[k], r3[k]);
    }

    /// <summary>The first halves, element by element in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> left, Vector128<float> right)
    {
        if (Sse.IsSupported) return Sse.UnpackLow(left, right);
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.ZipLow(left, right);
        return Vector128.Create(left[0], right[0], left[1], right[1]);
    }

    /// <summary>The second halves, element by element in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> left, Vector128<float> right)
    {
        if (Sse.IsSupported) return Sse.UnpackHigh(left, right);
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.ZipHigh(left, right);
        return Vector128.Create(left[2], right[2], left[3], right[3]);
    }
}
