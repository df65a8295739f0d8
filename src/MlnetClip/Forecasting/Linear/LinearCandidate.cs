namespace MlnetClip.Forecasting;

/// <summary>A linear forecast that a <see cref="LinearPart"/> may take a share from: some of the inputs, and the forecast that a strong penalty leaves.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Inputs">The inputs that it uses, in ascending order.</param>
/// <param name="Prior">The coefficients that the penalty draws the weights to; null for 0. Its inputs need not be among <paramref name="Inputs"/>.</param>
/// <param name="Own">Further inputs for each output, which only that output uses, as many for each; null for none. They are not among <paramref name="Inputs"/>.</param>
internal sealed record LinearCandidate(string Name, int[] Inputs, LinearPrior? Prior = null, IReadOnlyList<int[]>? Own = null)
{
    /// <summary>All inputs, with weights that are drawn to 0.</summary>
    public static LinearCandidate All(int features) => new("all inputs", [.. Enumerable.Range(0, features)]);
}
