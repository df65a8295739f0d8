namespace MlnetClip.Forecasting;

/// <summary>The factor L of a symmetric positive definite matrix, <c>A = L Lᵀ</c>, in place of the lower triangle of A. Row-major.</summary>
internal static class Cholesky
{
    /// <summary>A pivot below this share of its diagonal element is rounding, not data: the columns depend on each other.</summary>
    private const double SmallestPivot = 1e-13;

    /// <summary>Factors the lower triangle in place; the upper one is not read.</summary>
    /// <param name="a">The matrix; element (i, j) lies at <c>i * stride + j</c>.</param>
    /// <param name="n">Its rows.</param>
    /// <param name="stride">The distance of two rows, <paramref name="n"/> or more.</param>
    /// <param name="first">The first row to factor: those before it are factored already, which does not depend on the rows after them.</param>
    /// <returns>Whether the matrix is positive definite in double precision. If not, the rows from <paramref name="first"/> on are undefined.</returns>
    public static bool Factor(Span<double> a, int n, int stride, int first = 0)
    {
        for (int i = first; i < n; i++)
        {
            Span<double> row = a.Slice(i * stride, i + 1);
            for (int j = 0; j < i; j++)
                row[j] = (row[j] - VectorMath.Dot(row[..j], a.Slice(j * stride, j))) / a[(j * stride) + j];
            double diagonal = row[i], pivot = diagonal - VectorMath.Dot(row[..i], row[..i]);
            if (!(pivot > SmallestPivot * diagonal)) return false;
            row[i] = Math.Sqrt(pivot);
        }

        return true;
    }

    /// <summary>Solves <c>L Lᵀ x = b</c> in place of b.</summary>
    /// <param name="l">What <see cref="Factor"/> left.</param>
    /// <param name="stride">The distance of two of its rows.</param>
    /// <param name="b">The right-hand side, [n]; receives x.</param>
    public static void Solve(ReadOnlySpan<double> l, int stride, Span<double> b)
    {
        int n = b.Length;
        for (int i = 0; i < n; i++) b[i] = (b[i] - VectorMath.Dot(b[..i], l.Slice(i * stride, i))) / l[(i * stride) + i];
        for (int i = n - 1; i >= 0; i--)
        {
            b[i] /= l[(i * stride) + i];
            VectorMath.AddScaled(b[..i], -b[i], l.Slice(i * stride, i));
        }
    }
}
