namespace MlnetClip.Forecasting;

/// <summary>
/// Ridge regression (Hoerl and Kennard 1970): <c>(A + penalty D) (v - prior) = b - A prior</c> over the inputs of a candidate, where D is the identity without
/// the intercept's element.
/// </summary>
internal sealed class RidgeSolver
{
    private readonly LinearCandidate _candidate;
    private readonly int[] _indices; // the candidate's inputs, the intercept, and what an output has of its own
    private readonly int _shared; // the inputs and the intercept
    private readonly double[] _factor, _right;

    /// <param name="candidate">What is fitted.</param>
    /// <param name="size">The inputs and the intercept.</param>
    public RidgeSolver(LinearCandidate candidate, int size)
    {
        _candidate = candidate;
        _shared = candidate.Inputs.Length + 1;
        _indices = [.. candidate.Inputs, size - 1, .. candidate.Own?[0] ?? []];
        (_factor, _right) = (new double[(long)_indices.Length * _indices.Length], new double[_indices.Length]);
    }

    /// <summary>Solves for some outputs. They share the factor of the inputs that they share, so that an input of an output's own costs one row of it.</summary>
    /// <param name="sums">A and b; without any weight, the coefficients are the prior's.</param>
    /// <param name="outputs">The outputs.</param>
    /// <param name="penalty">The penalty, above 0.</param>
    /// <param name="coefficients">Receives the solutions, [all outputs, size].</param>
    /// <returns>Whether there is a solution in double precision.</returns>
    public bool Solve(LinearSums sums, ReadOnlySpan<int> outputs, double penalty, Span<double> coefficients)
    {
        int n = _indices.Length, size = sums.Size;
        bool empty = !(sums.Weight > 0);
        if (!empty && !Factor(sums, 0, _shared, penalty)) return false;
        foreach (int output in outputs)
        {
            Span<double> solution = coefficients.Slice(output * size, size);
            solution.Clear();
            if (!empty)
            {
                if (_candidate.Own is { } own)
                {
                    own[output].CopyTo(_indices, _shared);
                    if (!Factor(sums, _shared, n, penalty)) return false;
                }

                for (int i = 0; i < n; i++) _right[i] = RightHandSide(sums, output, _indices[i]);
                Cholesky.Solve(_factor, n, _right);
                for (int i = 0; i < n; i++) solution[_indices[i]] = _right[i];
            }

            _candidate.Prior?.AddTo(output, solution);
        }

        return true;
    }

    /// <summary>Takes rows of <c>A + penalty D</c> and factors them.</summary>
    private bool Factor(LinearSums sums, int first, int end, double penalty)
    {
        int n = _indices.Length;
        for (int i = first; i < end; i++)
        {
            for (int j = 0; j <= i; j++) _factor[(i * n) + j] = sums.At(_indices[i], _indices[j]);
            if (i != _shared - 1) _factor[(i * n) + i] += penalty;
        }

        return Cholesky.Factor(_factor, end, n, first);
    }

    private double RightHandSide(LinearSums sums, int output, int index)
    {
        double value = sums.Moments[(output * sums.Size) + index];
        if (_candidate.Prior is not { } prior) return value;
        foreach ((int input, double coefficient) in prior.Terms[output]) value -= coefficient * sums.At(index, input);
        return value;
    }
}
