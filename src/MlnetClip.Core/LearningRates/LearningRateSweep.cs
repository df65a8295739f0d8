using System.Globalization;

namespace MlnetClip;

/// <summary>A short training with a rising learning rate, and the rate that it proposes. It belongs to its clipping: another threshold allows another rate.</summary>
/// <param name="Points">The steps, in the order of their learning rates.</param>
/// <param name="Proposal">The proposed learning rate; null where the sweep cannot tell.</param>
/// <param name="Reason">Why, or why the sweep cannot tell, in words.</param>
/// <param name="Clipping">The clipping setting of the sweep.</param>
/// <param name="Optimizer">Its optimizer.</param>
public sealed record LearningRateSweep(
    IReadOnlyList<LearningRatePoint> Points, float? Proposal, string Reason, GradientClipping Clipping, Optimizer Optimizer)
{
    /// <summary>The proposal together with the clipping and the optimizer that it belongs to, and the reason.</summary>
    public override string ToString() => Proposal is { } rate
        ? string.Create(CultureInfo.InvariantCulture, $"learning rate {rate:G3} with clipping {Clipping} and {Optimizer}: {Reason}")
        : $"no learning rate can be proposed with clipping {Clipping} and {Optimizer}: {Reason}";
}
