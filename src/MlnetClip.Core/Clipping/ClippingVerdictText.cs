using System.Globalization;
using MlnetClip.Optimizers;

namespace MlnetClip.Clipping;

/// <summary>The words of a <see cref="ClippingVerdict"/>; everything they say is in the verdict.</summary>
internal static class ClippingVerdictText
{
    public static string Of(ClippingVerdict verdict) => verdict.Conclusion switch
    {
        ClippingConclusion.NoFiniteStep => "No step had a finite gradient: nothing can be said about clipping.",
        ClippingConclusion.NoRules => $"Not clipped by any rule: {Norms(verdict.Summary)}.",
        ClippingConclusion.NeverInForce =>
            $"Never in force: {Measuring(verdict)}; {Norms(verdict.Summary)}. Train for more steps, or let the rule measure fewer.",
        ClippingConclusion.NeverClipped =>
            $"Never clipped: no gradient reached the threshold, so the rules had no effect; {Norms(verdict.Summary)}.{Idle(verdict)} "
            + "Keep them as a safeguard, or lower the threshold.",
        ClippingConclusion.SomeStepsClipped => $"{Shares(verdict.Summary)}: {Norms(verdict.Summary)}, and {Left(verdict.Summary)}.{LeftOut(verdict)}{Idle(verdict)}",
        ClippingConclusion.MostStepsLeftOut => $"{Shares(verdict.Summary)}: {Norms(verdict.Summary)}, and {Left(verdict.Summary)}.{LeftOut(verdict)}{Idle(verdict)}",
        ClippingConclusion.MostStepsClipped => $"{Shares(verdict.Summary)}: {ActsAs(verdict)}; {Norms(verdict.Summary)}, and {Left(verdict.Summary)}."
            + $"{LeftOut(verdict)}{Idle(verdict)}{Equivalent(verdict)}{Raise(verdict.Summary)}",
        ClippingConclusion.UpdatesVanish => $"{Shares(verdict.Summary)}: the weights hardly move; {Norms(verdict.Summary)}, and {Left(verdict.Summary)}."
            + $"{LeftOut(verdict)}{Idle(verdict)}{BelowEpsilon(verdict.Summary)}{Raise(verdict.Summary)}",
        ClippingConclusion.BackpropNeverLimited => "Inside the backward pass nothing was limited: no gradient propagated between time steps reached the limit, which had no effect.",
        ClippingConclusion.BackpropLimited =>
            Text($"Inside the backward pass {100 * verdict.Summary.ShareLimitedInside:G3}% of the gradients propagated between time steps were limited."),
        ClippingConclusion.NonFiniteSteps => NonFinite(verdict.Summary),
        _ => Vanishing(verdict.Reach!),
    };

    private static string Norms(ClippingSummary summary) => Text($"the norm had the median {summary.NormMedian:G4} and the maximum {summary.NormMax:G4}");

    private static string Shares(ClippingSummary summary)
    {
        string clipped = Text($"{100 * summary.ShareClipped:0.#}% of the steps were clipped");
        return summary.RefusedSteps == 0 ? clipped : Text($"{clipped} and {100.0 * summary.RefusedSteps / summary.FiniteSteps:0.#}% left out");
    }

    private static string Left(ClippingSummary summary) => summary.MeanReduction <= 1
        ? Text($"clipping left {100 * summary.MeanReduction:G3}% of it on average")
        : Text($"was multiplied by {summary.MeanReduction:G3} on average");

    private static string LeftOut(ClippingVerdict verdict)
    {
        if (verdict.Summary.RefusedSteps == 0) return "";
        string leftOut = Text($" {verdict.Summary.RefusedSteps} steps were left out as spikes.");
        return verdict.Conclusion != ClippingConclusion.MostStepsLeftOut
            ? leftOut
            : leftOut + " So many are no spikes: the norm has moved for good, and a rule that leaves such steps out never learns it. "
                + "Scale them down instead (skip=false), or warm up for longer.";
    }

    private static string Idle(ClippingVerdict verdict) => verdict.RulesNeverInForce.Count == 0 ? "" : $" {Capital(Measuring(verdict))}.";

    private static string Measuring(ClippingVerdict verdict)
    {
        string rules = string.Join(" and ", verdict.RulesNeverInForce.Select(rule => $"'{rule}'"));
        bool one = verdict.RulesNeverInForce.Count == 1;
        return Text($"{rules} {(one ? "was" : "were")} still measuring when the fit ended after {verdict.Summary.Steps} steps and had no threshold");
    }

    private static string ActsAs(ClippingVerdict verdict) => verdict.ActsAsLearningRate
        ? $"clipping acts as a {(verdict.Summary.MeanReduction <= 1 ? "smaller" : "larger")} learning rate"
        : "they are no rare events";

    private static string Equivalent(ClippingVerdict verdict)
    {
        ClippingSummary summary = verdict.Summary;
        if (verdict.ActsAsLearningRate)
        {
            return double.IsNaN(verdict.EquivalentLearningRate)
                ? Text($" The equivalent without clipping is about a learning rate of {summary.MeanReduction:G3} times the one set.")
                : Text($" The equivalent without clipping is about a learning rate of {verdict.EquivalentLearningRate:G3} instead of {summary.LearningRate:G3}.");
        }

        bool scaleFree = Optimizer.TryParse(summary.Optimizer, out Optimizer? optimizer) && optimizer.ScaleFreeAbove is not null;
        return scaleFree && summary.ShareOfElementsClamped == 0
            ? $" The optimizer {summary.Optimizer} divides by the size of recent gradients, so that a constant factor cancels out: what remains "
                + "is that every step counts alike."
            : "";
    }

    private static string BelowEpsilon(ClippingSummary summary)
    {
        double? epsilon = Optimizer.TryParse(summary.Optimizer, out Optimizer? optimizer) ? optimizer.ScaleFreeAbove : null;
        return Text($" The optimizer {summary.Optimizer} divides by the size of recent gradients plus an epsilon of {epsilon:G3}; ")
            + Text($"an element of the clipped gradient is about {summary.ElementAfterClipping:G2}, which that epsilon outweighs.");
    }

    private static string Raise(ClippingSummary summary) =>
        summary.MeanReduction <= 1 && !(GradientClipping.TryParse(summary.Clipping, out GradientClipping? clipping) && clipping.Rules.All(rule => rule is NormalizeRule))
            ? " A higher threshold would clip the rare large steps only; keep this one where a search found nothing better."
            : "";

    private static string NonFinite(ClippingSummary summary)
    {
        string first = summary.FirstEvents.Count == 0 ? "" : $", first at {summary.FirstEvents[0]}";
        return $"{summary.NonFiniteSteps} of {summary.Steps} steps had a gradient that was not finite{first}: "
            + $"{summary.SkippedSteps - summary.RefusedSteps} left out, {summary.ZeroedSteps} with tensors set to zero, {summary.RollBacks} rolled back{Slower(summary)}.";
    }

    /// <summary>What the roll-backs left of the learning rate.</summary>
    private static string Slower(ClippingSummary summary)
    {
        if (!NonFinitePolicy.TryParse(summary.Policy, out NonFinitePolicy? policy) || policy.Action != NonFiniteAction.RollBack || summary.RollBacks == 0) return "";
        return Text($", which left {Math.Pow(policy.LearningRateFactor, summary.RollBacks):G3} of the learning rate");
    }

    private static string Vanishing(TimeStepReach reach) =>
        $"Vanishing: what a time step contributes to the gradient falls below 1/1000 of the largest {reach.Reached} steps before the end of {reach.TimeSteps}; "
        + "what lies further back hardly trains the model. Clipping does not help with that. What does: an LSTM instead of a plain recurrent layer, "
        + "shorter sequences, a larger bias of the forget gate, or giving the far past as a feature.";

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
