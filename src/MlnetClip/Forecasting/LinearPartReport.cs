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

    /// <summary>The choice in a line.</summary>
    public override string ToString() => NetworkShare == 0
        ? "the linear part alone: the network does not improve it on the validation rows"
        : Invariant($"the linear part and {NetworkShare:P0} of the network's output");
}
