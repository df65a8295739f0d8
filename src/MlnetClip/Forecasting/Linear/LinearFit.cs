namespace MlnetClip.Forecasting;

/// <summary>The fit of a <see cref="LinearPart"/>: the penalty is the one with the smallest error on rows that were not fitted.</summary>
internal static class LinearFit
{
    /// <summary>The penalty where there are too few rows to choose one.</summary>
    internal static readonly double DefaultPenalty = PenaltySearch.Grid[8]; // 0.01

    private const int MostValidationRows = 8192; // more would not change the choice
    private const int FewestRows = 20; // a tenth of fewer rows decides nothing

    /// <param name="Coefficients">[outputs, features + 1], the intercept last.</param>
    /// <param name="Penalty">Relative to the mean diagonal.</param>
    /// <param name="Error">The mean squared error that the choice was made by; NaN without a choice.</param>
    internal sealed record Solution(double[] Coefficients, double Penalty, double Error);

    /// <summary>Fits by least squares with a penalty on the squared weights, which <see cref="PenaltySearch.Grid"/> gives.</summary>
    /// <param name="features">Inputs of a row, 1 or more.</param>
    /// <param name="outputs">Outputs of a row, 1 or more.</param>
    /// <param name="training">The rows to fit. An output is fitted to the rows that have a target for it, whatever the other outputs have.</param>
    /// <param name="validation">
    /// The rows to choose the penalty on, which are not fitted. Null or none for the last tenth of <paramref name="training"/>, in which case
    /// the chosen penalty is fitted again on all rows.
    /// </param>
    /// <param name="threads">The number of threads, 1 or more; the result does not depend on it.</param>
    /// <param name="cancellation">Stops the fit.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static Solution Run(
        int features, int outputs, ILinearRows training, ILinearRows? validation, int threads, CancellationToken cancellation)
    {
        if (validation is { Count: > 0 })
        {
            NormalEquations equations = Sum(training);
            return Best(Solve(equations, PenaltySearch.Grid), validation, features, outputs, cancellation) ?? First(equations, DefaultPenalty, double.NaN);
        }

        if (training.Count < FewestRows) return First(Sum(training), DefaultPenalty, double.NaN);
        int cut = training.Count - (training.Count / 10);
        int end = Math.Max(cut - outputs, cut / 2); // rows directly before the cut have targets in common with the rows after it
        var heldOut = new RowRange(training, cut, training.Count);
        Solution? chosen = Best(Solve(Sum(new RowRange(training, 0, end)), PenaltySearch.Grid), heldOut, features, outputs, cancellation);
        return First(Sum(training), chosen?.Penalty ?? DefaultPenalty, chosen?.Error ?? double.NaN);

        NormalEquations Sum(ILinearRows rows) => new(rows, features, outputs, threads, cancellation);

        double[]?[] Solve(NormalEquations equations, IReadOnlyList<double> penalties) => PenaltySearch.Solve(equations, outputs, penalties, threads, cancellation);

        // Rounding may defeat a penalty on all rows that it did not defeat on most of them; a larger one has a solution.
        Solution First(NormalEquations equations, double penalty, double error)
        {
            foreach (double candidate in PenaltySearch.Grid.Where(one => one >= penalty))
                if (Solve(equations, [candidate])[0] is { } solution) return new Solution(solution, candidate, error);
            throw new InvalidOperationException("No penalty has a solution, although the largest makes the equations positive definite.");
        }
    }

    /// <summary>The solution with the smallest error; among equal ones that with the larger penalty. Null where no row has a target.</summary>
    private static Solution? Best(double[]?[] solutions, ILinearRows validation, int features, int outputs, CancellationToken cancellation)
    {
        var rows = new RowRange(validation, 0, validation.Count, stride: ((validation.Count - 1) / MostValidationRows) + 1);
        double[] x = new double[features], y = new double[outputs], w = new double[outputs], forecast = new double[outputs], errors = new double[solutions.Length];
        double weight = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            rows.Read(row, x, y, w);
            for (int k = 0; k < outputs; k++) weight += w[k];
            for (int p = 0; p < solutions.Length; p++)
            {
                if (solutions[p] is not { } solution) continue;
                LinearPart.Predict(solution, x, forecast);
                for (int k = 0; k < outputs; k++)
                    if (w[k] > 0) errors[p] += w[k] * (y[k] - forecast[k]) * (y[k] - forecast[k]);
            }
        }

        int best = -1;
        for (int p = solutions.Length - 1; p >= 0; p--)
            if (solutions[p] is not null && (best < 0 || errors[p] < errors[best])) best = p;
        return weight > 0 && best >= 0 ? new Solution(solutions[best]!, PenaltySearch.Grid[best], errors[best] / weight) : null;
    }
}
