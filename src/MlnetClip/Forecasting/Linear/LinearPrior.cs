namespace MlnetClip.Forecasting;

/// <summary>Coefficients of a rule that needs no fit, such as the value a season ago: few for each output.</summary>
/// <param name="Terms">For each output the inputs and their coefficients.</param>
internal sealed record LinearPrior(IReadOnlyList<(int Input, double Coefficient)[]> Terms)
{
    /// <summary>Adds the coefficients to those of an output.</summary>
    public void AddTo(int output, Span<double> coefficients)
    {
        foreach ((int input, double coefficient) in Terms[output]) coefficients[input] += coefficient;
    }
}
