namespace MlnetClip.Forecasting;

/// <summary>
/// The fit of a <see cref="LinearPart"/>: each candidate is fitted with the penalty that forecast later rows best, and their mean is weighted by the inverse of the fourth power
/// of their mean squared errors. The mean of linear forecasts is a linear forecast, so that a prediction costs the same.
/// </summary>
internal static class LinearFit
{
    private const int Power = 4; // steep enough to drop bad candidates, flat enough to average over equally good ones
    private const double SmallestShare = 0.01;
    private const double DefaultPenalty = 0.01; // where there are too few rows to choose one
    private const long MatrixMemory = 256L << 20; // bytes of the matrices of output groups that are held at a time

    /// <param name="Coefficients">[outputs, features + 1], the intercept last.</param>
    /// <param name="Shares">What the candidates contributed.</param>
    internal sealed record Solution(double[] Coefficients, IReadOnlyList<LinearShare> Shares);

    /// <summary>Fits by least squares with a penalty on squared weights. The intercept has none.</summary>
    /// <param name="rows">
    /// The rows, in time order. An output is fitted to the rows that have a target for it, whatever the other outputs have.
    /// </param>
    /// <param name="features">Inputs of a row, 1 or more.</param>
    /// <param name="outputs">Outputs of a row, 1 or more.</param>
    /// <param name="candidates">What to choose from, 1 or more; where there are too few rows to choose, the first one is taken.</param>
    /// <param name="gap">The number of rows before a row whose targets may lie in that row's future: the horizon, times the number of series whose rows alternate.</param>
    /// <param name="threads">The number of threads, 1 or more; the result does not depend on it.</param>
    /// <param name="cancellation">Stops the fit.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static Solution Run(
        ILinearRows rows, int features, int outputs, IReadOnlyList<LinearCandidate> candidates, int gap, int threads, CancellationToken cancellation)
    {
        LinearShare[] shares = Shares(CrossValidation.Errors(rows, gap, candidates, features, outputs, threads, cancellation), candidates);
        return new(Fit(new NormalEquations(rows, features, outputs, threads, cancellation), outputs, candidates, shares, threads, cancellation), shares);
    }

    /// <summary>Fits given shares to rows: what <see cref="Run"/> chose on other rows.</summary>
    public static Solution Again(
        ILinearRows rows, int features, int outputs, IReadOnlyList<LinearCandidate> candidates, IReadOnlyList<LinearShare> shares, int threads, CancellationToken cancellation) =>
        new(Fit(new NormalEquations(rows, features, outputs, threads, cancellation), outputs, candidates, shares, threads, cancellation), shares);

    private static LinearShare[] Shares(double[][]? errors, IReadOnlyList<LinearCandidate> candidates)
    {
        if (errors is null || !errors.Any(one => one.Any(double.IsFinite)))
            return [.. candidates.Select((candidate, c) => new LinearShare(candidate.Name, DefaultPenalty, double.NaN, c == 0 ? 1 : 0))];
        double[] best = [.. errors.Select(one => one.Min())];
        double least = Math.Max(best.Min(), double.Epsilon);
        double[] weights = [.. best.Select(error => Math.Pow(least / Math.Max(error, least), Power))];
        double sum = weights.Sum();
        weights = [.. weights.Select(weight => weight / sum < SmallestShare ? 0 : weight)];
        sum = weights.Sum();
        return [.. candidates.Select((candidate, c) => new LinearShare(
            candidate.Name, CrossValidation.Penalties[Array.LastIndexOf(errors[c], best[c])], best[c], weights[c] / sum))];
    }

    private static double[] Fit(
        NormalEquations equations, int outputs, IReadOnlyList<LinearCandidate> candidates, IReadOnlyList<LinearShare> shares, int threads, CancellationToken cancellation)
    {
        int n = equations.Size;
        var parts = new double[candidates.Count][];
        int atOnce = (int)Math.Clamp(MatrixMemory / sizeof(double) / ((long)n * n), 1, equations.Groups.Count);
        foreach (OutputGroup[] groups in equations.Groups.Chunk(atOnce))
        {
            LinearSums[] sums = equations.SumsOf(groups);
            int used = LinearWork.Threads(threads, (double)candidates.Count * n * n * ((groups.Length * n / 3.0) + outputs));
            LinearWork.For(candidates.Count, used, c =>
            {
                if (shares[c].Share == 0) return;
                var solver = new RidgeSolver(candidates[c], n);
                parts[c] ??= new double[(long)outputs * n];
                double unit = equations.Sums.MeanDiagonal(candidates[c].Inputs);
                for (int g = 0; g < groups.Length; g++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Solve(solver, sums[g], groups[g].Outputs, unit, shares[c].Penalty, parts[c]);
                }
            }, cancellation);
        }

        var coefficients = new double[(long)outputs * n];
        for (int c = 0; c < parts.Length; c++)
            if (parts[c] is { } part) VectorMath.AddScaled(coefficients, shares[c].Share, part);
        return coefficients;
    }

    /// <summary>Solves with a penalty, or with the next larger ones where rounding leaves no solution for it.</summary>
    private static void Solve(RidgeSolver solver, LinearSums sums, int[] outputs, double unit, double penalty, double[] coefficients)
    {
        for (; penalty < 1e9; penalty *= 10)
            if (solver.Solve(sums, outputs, unit * penalty, coefficients)) return;
        throw new InvalidOperationException("No penalty has a solution, although a large one makes the equations positive definite.");
    }
}
