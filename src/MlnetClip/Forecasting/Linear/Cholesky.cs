namespace MlnetClip.Forecasting;

/// <summary>The factor L of a symmetric positive definite matrix, <c>A = L Lᵀ</c>, in place of the lower triangle of A. Row-major.</summary>
internal static class Cholesky
{
    /// <summary>A pivot below this share of its diagonal element is rounding, not data: the columns depend on each other.</summary>
    private const double SmallestPivot = 1e-13;

    /// <summary>Factors the lower triangle in place; the upper one is not read.</summary>
    /// <param name="a">The matrix, [n, n].</param>
    /// <param name="n">Its rows.</param>
    /// <returns>Whether the matrix is positive definite in double precision. If not, its contents are undefined.</returns>
    public static bool Factor(Span<double> a, int n)
    {
        for (int i = 0; i < n; i++)
        {
            Span<double> row = a.Slice(i * n, i + 1);
            for (int j = 0; j < i; j++)
                row[j] = (row[j] - VectorMath.Dot(row[..j], a.Slice(j * n, j))) / a[(j * n) + j];
            double diagonal = row[i], pivot = diagonal - VectorMath.Dot(row[..i], row[..i]);
            if (!(pivot > SmallestPivot * diagonal)) return false;
            row[i] = Math.Sqrt(pivot);
        }

        return true;
    }

    /// <summary>Solves <c>L Lᵀ x = b</c> in place of b.</summary>
    /// <param name="l">What <see cref="Factor"/> left, [n, n].</param>
    /// <param name="b">The right-hand side, [n]; receives x.</param>
    public static void Solve(ReadOnlySpan<double> l, Span<double> b)
    {
        int n = b.Length;
        for (int i = 0; i < n; i++) b[i] = (b[i] - VectorMath.Dot(b[..i], l.Slice(i * n, i))) / l[(i * n) + i];
        for (int i = n - 1; i >= 0; i--)
        {
            b[i] /= l[(i * n) + i];
            VectorMath.AddScaled(b[..i], -b[i], l.Slice(i * n, i));
        }
    }
}
