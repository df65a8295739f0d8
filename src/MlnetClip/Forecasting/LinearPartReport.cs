using static System.FormattableString;

namespace MlnetClip;

/// <summary>The linear part of a forecaster, and what the validation rows chose.</summary>
public sealed record LinearPartReport
{
    /// <summary>The linear forecasts that it is the mean of, those with a share only.</summary>
    public required IReadOnlyList<LinearPartShare> Forecasts { get; init; }

    /// <summary>
    /// What the network's output is multiplied by before it is added: 0 for the linear part alone, 1 for all of it. It has the smallest squared error on the validation rows; 1
    /// without them, with quantiles, and with <see cref="LinearPartUse.Always"/>.
    /// </summary>
    public required double NetworkShare { get; init; }

    /// <summary>
    /// With <see cref="LinearPartUse.Compare"/>, the error of a network without a linear part on the validation rows, divided by that with it: the RMSE, or the mean pinball loss with quantiles.
    /// Null where there was no comparison.
    /// </summary>
    public double? NetworkAloneRatio { get; init; }

    /// <summary>Whether the network alone was chosen: the model then has no linear part.</summary>
    public bool IsNetworkAlone { get; init; }

    /// <summary>The choice in a line.</summary>
    public override string ToString() => (IsNetworkAlone, NetworkShare, NetworkAloneRatio) switch
    {
        (true, _, { } ratio) => Invariant($"the network alone: its error on the validation rows is {ratio:G3} times that with a linear part"),
        (_, 0, null) => "the linear part alone: the network does not improve it on the validation rows",
        (_, 0, { } ratio) => Invariant($"the linear part alone: the network does not improve it on the validation rows, where a network alone has {ratio:G3} times its error"),
        (_, _, null) => Invariant($"the linear part and {100 * NetworkShare:F0}% of the network's output"),
        (_, _, { } ratio) => Invariant($"the linear part and {100 * NetworkShare:F0}% of the network's output; a network alone has {ratio:G3} times their error on the validation rows"),
    };
}
