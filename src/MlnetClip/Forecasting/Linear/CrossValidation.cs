namespace MlnetClip.Forecasting;

/// <summary>
/// The error of every candidate under every penalty on rows that come after those it was fitted to: the last four tenths of the rows in turn, each forecast from
/// all rows before it. Rows without all of their targets are left out, so that the sums over a tenth give its error without reading it again.
/// </summary>
internal static class CrossValidation
{
    private const int Tenths = 10, Folds = 4, FewestRows = 10;

    /// <summary>Penalties relative to the mean diagonal element.</summary>
    public static IReadOnlyList<double> Penalties { get; } = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000];

    /// <summary>Mean squared errors, [candidates][penalties], infinite where a fold has no solution; null where there are too few rows.</summary>
    /// <param name="rows">The rows, in time order.</param>
    /// <param name="gap">Rows before a fold whose targets lie in it, and which are therefore not fitted.</param>
    /// <param name="candidates">The candidates.</param>
    /// <param name="features">Inputs.</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="threads">Threads; the result does not depend on their number.</param>
    /// <param name="cancellation">Stops it.</param>
    public static double[][]? Errors(
        ILinearRows rows, int gap, IReadOnlyList<LinearCandidate> candidates, int features, int outputs, int threads, CancellationToken cancellation)
    {
        var folds = new List<(LinearSums Fit, LinearSums Check)>();
        var parts = new Dictionary<(int, int), (LinearSums Sums, int Rows)>();
        int[] starts = [.. Enumerable.Range(Tenths - Folds, Folds + 1).Select(tenth => (int)((long)rows.Count * tenth / Tenths))];
        int[] cuts = [.. starts.Concat(starts.Take(Folds).Select(start => Math.Max(0, start - gap))).Append(0).Distinct().Order()];
        for (int i = 0; i + 1 < cuts.Length; i++)
        {
            var complete = new CompleteRows(rows, cuts[i], cuts[i + 1]);
            LinearSums sums = new NormalEquations(complete, features, outputs, threads, cancellation).Sums;
            parts[(cuts[i], cuts[i + 1])] = (sums, complete.Found);
        }

        for (int fold = 0; fold < Folds; fold++)
        {
            (LinearSums? fit, int found) = Between(0, Math.Max(0, starts[fold] - gap));
            (LinearSums? check, int held) = Between(starts[fold], starts[fold + 1]);
            if (found >= FewestRows && held > 0) folds.Add((fit!, check!));
        }

        if (folds.Count == 0) return null;
        var errors = new double[candidates.Count][];
        double weight = folds.Sum(fold => fold.Check.Weight) * outputs;
        int n = features + 1;
        threads = LinearWork.Threads(threads, (double)candidates.Count * folds.Count * Penalties.Count * n * n * ((n / 3.0) + outputs));
        LinearWork.For(candidates.Count, threads, c => errors[c] = ErrorsOf(candidates[c], folds, weight, outputs, cancellation), cancellation);
        return errors;

        (LinearSums? Sums, int Rows) Between(int start, int end)
        {
            LinearSums? sum = null;
            int count = 0;
            foreach (var (range, part) in parts)
            {
                if (range.Item1 < start || range.Item2 > end) continue;
                sum = sum is null ? part.Sums : LinearSums.Add(sum, part.Sums);
                count += part.Rows;
            }

            return (sum, count);
        }
    }

    private static double[] ErrorsOf(
        LinearCandidate candidate, List<(LinearSums Fit, LinearSums Check)> folds, double weight, int outputs, CancellationToken cancellation)
    {
        var errors = new double[Penalties.Count];
        int size = folds[0].Fit.Size;
        int[] all = [.. Enumerable.Range(0, outputs)];
        var solver = new RidgeSolver(candidate, size);
        var coefficients = new double[(long)outputs * size];
        foreach ((LinearSums fit, LinearSums check) in folds)
        {
            double unit = fit.MeanDiagonal(candidate.Inputs);
            for (int p = 0; p < errors.Length; p++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!solver.Solve(fit, all, unit * Penalties[p], coefficients)) errors[p] = double.PositiveInfinity;
                else for (int k = 0; k < outputs; k++) errors[p] += check.SquaredError(k, coefficients.AsSpan(k * size, size)) / weight;
            }
        }

        return errors;
    }
}
