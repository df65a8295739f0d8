namespace MlnetClip.Forecasting;

/// <summary>
/// Ridge regressions from the same normal equations under a grid of penalties: <c>(A + penalty D) w = b</c>, where D is the identity without the
/// intercept. The penalties are relative to the mean diagonal element of A, so that the unit and the number of rows do not matter.
/// </summary>
internal static class PenaltySearch
{
    private const long MatrixMemory = 256L << 20; // bytes of the matrices of groups that are held at a time

    /// <summary>Penalties relative to the mean diagonal: from 1e-6 to 10 in steps of the square root of 10.</summary>
    public static IReadOnlyList<double> Grid { get; } = [.. Enumerable.Range(0, 15).Select(i => Math.Pow(10, (i / 2.0) - 6))];

    /// <summary>Solves for every penalty.</summary>
    /// <returns>For each penalty the coefficients, [outputs, features + 1] with the intercept last; null where its equations cannot be solved in double precision.</returns>
    public static double[]?[] Solve(NormalEquations equations, int outputs, IReadOnlyList<double> penalties, int threads, CancellationToken cancellation)
    {
        int n = equations.Size;
        double unit = MeanDiagonal(equations);
        double[]?[] solutions = [.. penalties.Select(_ => new double[(long)outputs * n])];
        int atOnce = (int)Math.Clamp(MatrixMemory / sizeof(double) / ((long)n * n), 1, equations.Groups.Count);
        foreach (OutputGroup[] groups in equations.Groups.Chunk(atOnce))
        {
            double[][] matrices = equations.Matrices(groups);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
            Parallel.For(0, penalties.Count, parallel, p =>
            {
                var factor = new double[(long)n * n];
                for (int g = 0; g < groups.Length && solutions[p] is { } solution; g++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (!SolveGroup(equations, matrices[g], groups[g], unit * penalties[p], factor, solution)) solutions[p] = null;
                }
            });
        }

        return solutions;
    }

    /// <summary>The mean of the inputs' diagonal elements; 1 where all inputs are 0.</summary>
    public static double MeanDiagonal(NormalEquations equations)
    {
        int n = equations.Size;
        double sum = 0;
        for (int i = 0; i < n - 1; i++) sum += equations.Shared[(i * n) + i];
        return sum > 0 ? sum / (n - 1) : 1;
    }

    private static bool SolveGroup(NormalEquations equations, double[] matrix, OutputGroup group, double penalty, double[] factor, double[] solution)
    {
        int n = equations.Size;
        if (!(matrix[^1] > 0)) return true; // no output of the group has a target: its coefficients stay 0
        matrix.CopyTo(factor, 0);
        for (int i = 0; i < n - 1; i++) factor[(i * n) + i] += penalty;
        if (!Cholesky.Factor(factor, n)) return false;
        foreach (int output in group.Outputs)
        {
            Span<double> coefficients = solution.AsSpan(output * n, n);
            equations.Moments.AsSpan(output * n, n).CopyTo(coefficients);
            Cholesky.Solve(factor, coefficients);
        }

        return true;
    }
}
