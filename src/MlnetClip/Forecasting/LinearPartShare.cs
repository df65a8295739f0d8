namespace MlnetClip;

/// <summary>One of the linear forecasts that a forecaster's linear part is the mean of.</summary>
/// <param name="Name">What it reads, and the naive forecast that its penalty draws it to.</param>
/// <param name="Share">Its share of the mean, above 0 and at most 1.</param>
/// <param name="Penalty">The penalty on its squared weights, relative to the mean square of its inputs.</param>
/// <param name="Error">Its mean squared error on training rows after those that it was fitted to, in scaled units; NaN where there were too few rows to measure it.</param>
public sealed record LinearPartShare(string Name, double Share, double Penalty, double Error);
