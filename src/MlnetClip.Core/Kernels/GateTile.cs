using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>
/// The sums of one block of 16 units for a few sequences: sums = initial + the products of <see cref="GateTerm"/>s, in registers from the first multiply-add to the last.
/// The runtime compiles it for each number of rows and vectors, so that a tile computes nothing that is not stored.
/// </summary>
/// <remarks>Each element is the same chain of multiply-adds as in <see cref="Multiply{V}"/>, so the results are bit-identical.</remarks>
internal static unsafe class GateTile<V> where V : unmanaged, ISimd<V>
{
    private const int U = Panel.UnitBlock;

    /// <summary>Computes a tile.</summary>
    /// <typeparam name="R">Rows, 1 to 6.</typeparam>
    /// <typeparam name="G">Vectors of 16 units in a row of the weights, 3 or 4.</typeparam>
    /// <param name="terms">The products to add up.</param>
    /// <param name="count">Number of terms.</param>
    /// <param name="initial">What the sums begin with, [rows, 4, 16].</param>
    /// <param name="initialRow">Distance between its rows, 0 for a bias.</param>
    /// <param name="sums">Receives the sums, [rows, 4, 16]; may be <paramref name="initial"/>.</param>
    /// <param name="sumsRow">Distance between its rows.</param>
    /// <param name="last">Where the last vector lies in rows of the sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<R, G>(GateTerm* terms, int count, float* initial, nint initialRow, float* sums, nint sumsRow, nint last)
        where R : struct, ICount where G : struct, ICount
    {
        nint third = G.Value > 3 ? 2 * U : last;
        for (int lane = 0; lane < U; lane += V.Lanes, initial += V.Lanes, sums += V.Lanes)
        {
            float* from = initial;
            V s00 = V.Load(from), s01 = V.Load(from + U), s02 = V.Load(from + third), s03 = default;
            if (G.Value > 3) s03 = V.Load(from + last);

            V s10 = default, s11 = default, s12 = default, s13 = default;
            if (R.Value > 1)
            {
                from += initialRow;
                s10 = V.Load(from);
                s11 = V.Load(from + U);
                s12 = V.Load(from + third);
                if (G.Value > 3) s13 = V.Load(from + last);
            }

            V s20 = default, s21 = default, s22 = default, s23 = default;
            if (R.Value > 2)
            {
                from += initialRow;
                s20 = V.Load(from);
                s21 = V.Load(from + U);
                s22 = V.Load(from + third);
                if (G.Value > 3) s23 = V.Load(from + last);
            }

            V s30 = default, s31 = default, s32 = default, s33 = default;
            if (R.Value > 3)
            {
                from += initialRow;
                s30 = V.Load(from);
                s31 = V.Load(from + U);
                s32 = V.Load(from + third);
                if (G.Value > 3) s33 = V.Load(from + last);
            }

            V s40 = default, s41 = default, s42 = default, s43 = default;
            if (R.Value > 4)
            {
                from += initialRow;
                s40 = V.Load(from);
                s41 = V.Load(from + U);
                s42 = V.Load(from + third);
                if (G.Value > 3) s43 = V.Load(from + last);
            }

            V s50 = default, s51 = default, s52 = default, s53 = default;
            if (R.Value > 5)
            {
                from += initialRow;
                s50 = V.Load(from);
                s51 = V.Load(from + U);
                s52 = V.Load(from + third);
                if (G.Value > 3) s53 = V.Load(from + last);
            }

            for (GateTerm* term = terms; term < terms + count; term++)
            {
                float* w = term->Weights + lane;
                float* a0 = term->A, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0;
                if (R.Value > 1) a1 = a0 + term->ARow;
                if (R.Value > 2) a2 = a1 + term->ARow;
                if (R.Value > 3) a3 = a2 + term->ARow;
                if (R.Value > 4) a4 = a3 + term->ARow;
                if (R.Value > 5) a5 = a4 + term->ARow;
                for (int k = 0; k < term->Depth; k++, w += G.Value * U)
                {
                    V v0 = V.Create(a0[k]), v1 = default, v2 = default, v3 = default, v4 = default, v5 = default;
                    if (R.Value > 1) v1 = V.Create(a1[k]);
                    if (R.Value > 2) v2 = V.Create(a2[k]);
                    if (R.Value > 3) v3 = V.Create(a3[k]);
                    if (R.Value > 4) v4 = V.Create(a4[k]);
                    if (R.Value > 5) v5 = V.Create(a5[k]);
                    V b = V.Load(w);
                    s00 = V.MultiplyAdd(b, v0, s00);
                    if (R.Value > 1) s10 = V.MultiplyAdd(b, v1, s10);
                    if (R.Value > 2) s20 = V.MultiplyAdd(b, v2, s20);
                    if (R.Value > 3) s30 = V.MultiplyAdd(b, v3, s30);
                    if (R.Value > 4) s40 = V.MultiplyAdd(b, v4, s40);
                    if (R.Value > 5) s50 = V.MultiplyAdd(b, v5, s50);
                    b = V.Load(w + U);
                    s01 = V.MultiplyAdd(b, v0, s01);
                    if (R.Value > 1) s11 = V.MultiplyAdd(b, v1, s11);
                    if (R.Value > 2) s21 = V.MultiplyAdd(b, v2, s21);
                    if (R.Value > 3) s31 = V.MultiplyAdd(b, v3, s31);
                    if (R.Value > 4) s41 = V.MultiplyAdd(b, v4, s41);
                    if (R.Value > 5) s51 = V.MultiplyAdd(b, v5, s51);
                    b = V.Load(w + 2 * U);
                    s02 = V.MultiplyAdd(b, v0, s02);
                    if (R.Value > 1) s12 = V.MultiplyAdd(b, v1, s12);
                    if (R.Value > 2) s22 = V.MultiplyAdd(b, v2, s22);
                    if (R.Value > 3) s32 = V.MultiplyAdd(b, v3, s32);
                    if (R.Value > 4) s42 = V.MultiplyAdd(b, v4, s42);
                    if (R.Value > 5) s52 = V.MultiplyAdd(b, v5, s52);
                    if (G.Value < 4) continue;
                    b = V.Load(w + 3 * U);
                    s03 = V.MultiplyAdd(b, v0, s03);
                    if (R.Value > 1) s13 = V.MultiplyAdd(b, v1, s13);
                    if (R.Value > 2) s23 = V.MultiplyAdd(b, v2, s23);
                    if (R.Value > 3) s33 = V.MultiplyAdd(b, v3, s33);
                    if (R.Value > 4) s43 = V.MultiplyAdd(b, v4, s43);
                    if (R.Value > 5) s53 = V.MultiplyAdd(b, v5, s53);
                }
            }

            float* to = sums;
            V.Store(to, s00);
            V.Store(to + U, s01);
            V.Store(to + third, s02);
            if (G.Value > 3) V.Store(to + last, s03);
            if (R.Value == 1) continue;
            to += sumsRow;
            V.Store(to, s10);
            V.Store(to + U, s11);
            V.Store(to + third, s12);
            if (G.Value > 3) V.Store(to + last, s13);
            if (R.Value == 2) continue;
            to += sumsRow;
            V.Store(to, s20);
            V.Store(to + U, s21);
            V.Store(to + third, s22);
            if (G.Value > 3) V.Store(to + last, s23);
            if (R.Value == 3) continue;
            to += sumsRow;
            V.Store(to, s30);
            V.Store(to + U, s31);
            V.Store(to + third, s32);
            if (G.Value > 3) V.Store(to + last, s33);
            if (R.Value == 4) continue;
            to += sumsRow;
            V.Store(to, s40);
            V.Store(to + U, s41);
            V.Store(to + third, s42);
            if (G.Value > 3) V.Store(to + last, s43);
            if (R.Value == 5) continue;
            to += sumsRow;
            V.Store(to, s50);
            V.Store(to + U, s51);
            V.Store(to + third, s52);
            if (G.Value > 3) V.Store(to + last, s53);
        }
    }
}
