namespace MlnetClip.Forecasting;

/// <summary>
/// Ridge regression (Hoerl and Kennard 1970): <c>(A + penalty D) (v - prior) = b - A prior</c> over the inputs of a candidate, where D is the identity without
/// the intercept's element.
/// </summary>
internal sealed class RidgeSolver
{
    private readonly LinearCandidate _candidate;
    private readonly int[] _indices; // the candidate's inputs and the intercept
    private readonly double[] _factor, _right;

    /// <param name="candidate">What is fitted.</param>
    /// <param name="size">The inputs and the intercept.</param>
    public RidgeSolver(LinearCandidate candidate, int size)
    {
        (_candidate, _indices) = (candidate, [.. candidate.Inputs, size - 1]);
        (_factor, _right) = (new double[(long)_indices.Length * _indices.Length], new double[_indices.Length]);
    }

    /// <summary>Solves for some outputs.</summary>
    /// <param name="sums">A and b; without any weight, the coefficients are the prior's.</param>
    /// <param name="outputs">The outputs.</param>
    /// <param name="penalty">The penalty, above 0.</param>
    /// <param name="coefficients">Receives the solutions, [all outputs, size].</param>
    /// <returns>Whether there is a solution in double precision.</returns>
    public bool Solve(LinearSums sums, ReadOnlySpan<int> outputs, double penalty, Span<double> coefficients)
    {
        int n = _indices.Length, size = sums.Size;
        bool empty = !(sums.Weight > 0);
        for (int i = 0; i < n && !empty; i++)
        {
            ReadOnlySpan<double> row = sums.Matrix.AsSpan(_indices[i] * size, size);
            for (int j = 0; j <= i; j++) _factor[(i * n) + j] = row[_indices[j]];
            if (i < n - 1) _factor[(i * n) + i] += penalty;
        }

        if (!empty && !Cholesky.Factor(_factor, n)) return false;
        foreach (int output in outputs)
        {
            Span<double> solution = coefficients.Slice(output * size, size);
            solution.Clear();
            if (!empty)
            {
                for (int i = 0; i < n; i++) _right[i] = RightHandSide(sums, output, _indices[i]);
                Cholesky.Solve(_factor, _right);
                for (int i = 0; i < n; i++) solution[_indices[i]] = _right[i];
            }

            _candidate.Prior?.AddTo(output, solution);
        }

        return true;
    }

    private double RightHandSide(LinearSums sums, int output, int index)
    {
        double value = sums.Moments[(output * sums.Size) + index];
        if (_candidate.Prior is not { } prior) return value;
        foreach ((int input, double coefficient) in prior.Terms[output]) value -= coefficient * sums.At(index, input);
        return value;
    }
}
