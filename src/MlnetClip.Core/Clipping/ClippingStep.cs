using MlnetClip.Clipping;

namespace MlnetClip;

/// <summary>The training step that a clipping rule is applied in.</summary>
/// <param name="Step">Number of training steps before this one, skipped ones included: 0 at the first.</param>
/// <param name="Epoch">The epoch, 0 at the first.</param>
/// <param name="BatchSize">B: sequences in this batch, at least 1. The last batch of an epoch may be smaller.</param>
/// <param name="TimeSteps">T: time steps of every sequence, at least 1.</param>
/// <param name="LossTerms">Terms of the loss per sequence, at least 1: the horizon of a forecaster, 1 for regression or classification.</param>
public readonly record struct ClippingStep(long Step, int Epoch = 0, int BatchSize = 1, int TimeSteps = 1, int LossTerms = 1)
{
    /// <summary>The mean loss of the batch, before the update; may be infinite; NaN, the default, where it is not known.</summary>
    public double Loss { get; init; } = double.NaN;

    /// <summary>Whether the rule applies to a group of the parameters only.</summary>
    internal bool OfGroup { get; init; }

    /// <summary>What the rule applies to, in words.</summary>
    internal string Parameters => OfGroup ? "these" : "all parameters";
}
