namespace MlnetClip.Forecasting;

/// <summary>What a candidate contributes to a <see cref="LinearPart"/>.</summary>
/// <param name="Name">The candidate.</param>
/// <param name="Penalty">Its penalty relative to the mean diagonal element of <c>sum(w x xᵀ)</c>.</param>
/// <param name="Error">Its mean squared error on rows after those that it was fitted to, in the targets' unit; NaN where there were too few rows to measure.</param>
/// <param name="Share">Its share of the forecast; all shares add up to 1.</param>
internal sealed record LinearShare(string Name, double Penalty, double Error, double Share);
