namespace MlnetClip.Forecasting;

/// <summary>
/// The sums of a least squares problem, which decide its solutions and its error: <c>A = sum(w x xᵀ)</c>, the lower triangle, [n, n], and for each output
/// <c>b = sum(w y x)</c>, [outputs, n], and <c>sum(w y²)</c>, where the last of the n inputs is the intercept's 1.
/// </summary>
/// <param name="Size">n.</param>
/// <param name="Matrix">A.</param>
/// <param name="Moments">b.</param>
/// <param name="Squares">The sums of squares.</param>
internal sealed record LinearSums(int Size, double[] Matrix, double[] Moments, double[] Squares)
{
    /// <summary>The sum of the weights.</summary>
    public double Weight => Matrix[^1];

    /// <summary>The mean of the squared inputs, summed over rows; 1 where all inputs are 0. Penalties are relative to it, so that units and the number of rows do not matter.</summary>
    /// <param name="inputs">The inputs that count.</param>
    public double MeanDiagonal(ReadOnlySpan<int> inputs)
    {
        double sum = 0;
        foreach (int input in inputs) sum += Matrix[(input * Size) + input];
        return sum > 0 ? sum / inputs.Length : 1;
    }

    /// <summary>An element of the symmetric matrix.</summary>
    public double At(int row, int column) => row >= column ? Matrix[(row * Size) + column] : Matrix[(column * Size) + row];

    /// <summary>The sums over both problems' rows.</summary>
    public static LinearSums Add(LinearSums a, LinearSums b)
    {
        return new(a.Size, Sum(a.Matrix, b.Matrix), Sum(a.Moments, b.Moments), Sum(a.Squares, b.Squares));

        static double[] Sum(double[] left, double[] right)
        {
            double[] sum = [.. left];
            VectorMath.AddScaled(sum, 1, right);
            return sum;
        }
    }

    /// <summary>The sum of an output's weighted squared errors: <c>sum(w y²) - 2 v b + vᵀ A v</c>.</summary>
    /// <param name="output">The output.</param>
    /// <param name="coefficients">v, [n].</param>
    public double SquaredError(int output, ReadOnlySpan<double> coefficients)
    {
        double sum = Squares[output] - (2 * VectorMath.Dot(coefficients, Moments.AsSpan(output * Size, Size)));
        for (int i = 0; i < Size; i++)
        {
            double value = coefficients[i];
            if (value != 0) sum += value * ((2 * VectorMath.Dot(coefficients[..i], Matrix.AsSpan(i * Size, i))) + (Matrix[(i * Size) + i] * value));
        }

        return Math.Max(0, sum);
    }
}
