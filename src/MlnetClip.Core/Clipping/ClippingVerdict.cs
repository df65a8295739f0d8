using MlnetClip.Clipping;

namespace MlnetClip;

/// <summary>One conclusion from the figures of a fit, with the evidence for it.</summary>
/// <param name="Conclusion">What is concluded.</param>
/// <param name="Summary">The figures it is concluded from.</param>
public sealed record ClippingVerdict(ClippingConclusion Conclusion, ClippingSummary Summary)
{
    /// <summary>Above this share of clipped steps, clipping is not a rare event: it changes the size of nearly every step.</summary>
    public const double MostSteps = 0.9;

    /// <summary>The learning rate that would have the same effect without clipping; NaN where there is none or where the fit's learning rate is unknown.</summary>
    public double EquivalentLearningRate { get; init; } = double.NaN;

    /// <summary>Whether another learning rate would have the same effect as clipping: for plain gradient descent where every clipped gradient was multiplied by one factor.</summary>
    public bool ActsAsLearningRate { get; init; }

    /// <summary>Text forms of the rules that never had a threshold in force.</summary>
    public IReadOnlyList<string> RulesNeverInForce { get; init; } = [];

    /// <summary>How far back through time the gradient reaches; null where it was not measured.</summary>
    public TimeStepReach? Reach { get; init; }

    /// <summary>The conclusion in words.</summary>
    public override string ToString() => ClippingVerdictText.Of(this);
}
