using MlnetClip.Clipping;

namespace MlnetClip;

/// <summary>One conclusion from the figures of a fit, with the evidence for it.</summary>
/// <param name="Conclusion">What is concluded.</param>
/// <param name="Summary">The figures it is concluded from.</param>
public sealed record ClippingVerdict(ClippingConclusion Conclusion, ClippingSummary Summary)
{
    /// <summary>Above this share of clipped steps, clipping is no rare event: it acts on the size of every step.</summary>
    public const double MostSteps = 0.9;

    /// <summary>The learning rate that would do the same without clipping, where there is one; NaN otherwise or where the fit's learning rate is unknown.</summary>
    public double EquivalentLearningRate { get; init; } = double.NaN;

    /// <summary>Whether clipping did the same as another learning rate would: plain gradient descent, every clipped gradient multiplied by one factor.</summary>
    public bool ActsAsLearningRate { get; init; }

    /// <summary>Text forms of the rules that never had a threshold in force.</summary>
    public IReadOnlyList<string> RulesNeverInForce { get; init; } = [];

    /// <summary>How far back through time the gradient reaches; null where it was not measured.</summary>
    public TimeStepReach? Reach { get; init; }

    /// <summary>The conclusion in words.</summary>
    public override string ToString() => ClippingVerdictText.Of(this);
}
