using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>
/// sigmoid(x) = 1 / (1 + e^-x) and tanh(x) = (e^2x - 1) / (e^2x + 1), accurate to 2.6 units in the last place.
/// </summary>
/// <remarks>
/// e^x = 2^n (1 + q) with n = round(x / ln 2), r = x - n ln 2 and q = e^r - 1 = r + r^2 P(r). P has degree 4 and was fitted by
/// iteratively reweighted least squares on |r| up to ln(2) / 2: the relative error of q is below 2e-8. Keeping q apart from 1 is
/// what keeps tanh exact near 0. NaN gives NaN.
/// </remarks>
internal static class Exponential
{
    private const float P0 = 0.5f, P1 = 0.16666518f, P2 = 0.041666202f, P3 = 0.008369025f, P4 = 0.0013950726f;
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f; // 9 bits, so that n * Ln2High is exact
    private const float Ln2Low = -2.12194440e-4f;
    private const float RoundShift = 12582912f; // 1.5 * 2^23: adding it puts the rounded integer into the low bits

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x) where V : unmanaged, ISimd<V>
    {
        x = V.AtLeast(V.Create(-88f), V.AtMost(V.Create(87f), x));
        V q = ExpMinusOneReduced(V.Create(0f) - x, out V shifted);
        V one = V.Create(1f);
        return one / (one + V.ScaleByPowerOfTwo(one + q, shifted));
    }

    /// <summary>tanh(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x) where V : unmanaged, ISimd<V>
    {
        x = V.AtLeast(V.Create(-20f), V.AtMost(V.Create(20f), x));
        V q = ExpMinusOneReduced(x + x, out V shifted);
        V power = V.ScaleByPowerOfTwo(V.Create(1f), shifted);
        V expMinusOne = V.MultiplyAdd(power, q, power - V.Create(1f));
        return expMinusOne / (expMinusOne + V.Create(2f));
    }

    /// <summary>q of e^x = 2^n (1 + q), and n + 1.5 * 2^23.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpMinusOneReduced<V>(V x, out V shifted) where V : unmanaged, ISimd<V>
    {
        shifted = V.MultiplyAdd(x, V.Create(Log2E), V.Create(RoundShift));
        V n = shifted - V.Create(RoundShift);
        V r = V.MultiplyAdd(n, V.Create(-Ln2High), x);
        r = V.MultiplyAdd(n, V.Create(-Ln2Low), r);
        V p = V.MultiplyAdd(V.Create(P4), r, V.Create(P3));
        p = V.MultiplyAdd(p, r, V.Create(P2));
        p = V.MultiplyAdd(p, r, V.Create(P1));
        p = V.MultiplyAdd(p, r, V.Create(P0));
        return V.MultiplyAdd(p, r * r, r);
    }
}
