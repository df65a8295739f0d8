using System.Globalization;
using MlnetClip.Optimizers;
using MlnetClip.Settings;

namespace MlnetClip.Clipping;

/// <summary>Writes a <see cref="ClippingVerdict"/> as text; all the data it prints is in the verdict.</summary>
internal static class ClippingVerdictText
{
    public static string Of(ClippingVerdict verdict) => verdict.Conclusion switch
    {
        ClippingConclusion.NoStep => "No training step was made: nothing can be said about clipping.",
        ClippingConclusion.NoFiniteStep => "No step had a finite gradient: nothing can be said about clipping.",
        ClippingConclusion.NoRules => $"Not clipped by any rule: {Norms(verdict.Summary)}.",
        ClippingConclusion.NeverInForce =>
            $"Never in force: {Measuring(verdict)}; {Norms(verdict.Summary)}. Train for more steps, or make the rule measure fewer.",
        ClippingConclusion.NeverClipped =>
            $"Never clipped: no gradient reached the threshold, so clipping had no effect; {Norms(verdict.Summary)}.{Idle(verdict)} "
            + "Keep it as a safeguard against rare large gradients.",
        ClippingConclusion.SomeStepsClipped => $"{Shares(verdict.Summary)}: {Norms(verdict.Summary)}, and {Left(verdict.Summary)}.{SkippedSpikes(verdict)}{Idle(verdict)}",
        ClippingConclusion.MostStepsSkipped => $"{Shares(verdict.Summary)}: {Norms(verdict.Summary)}, and {Left(verdict.Summary)}.{SkippedSpikes(verdict)}{Idle(verdict)}",
        ClippingConclusion.MostStepsClipped => $"{Shares(verdict.Summary)}: {ActsAs(verdict)}; {Norms(verdict.Summary)}, and {Left(verdict.Summary)}."
            + $"{SkippedSpikes(verdict)}{Idle(verdict)}{Equivalent(verdict)}{Raise(verdict.Summary)}",
        ClippingConclusion.UpdatesVanish => $"{Shares(verdict.Summary)}: the weights hardly move; {Norms(verdict.Summary)}, and {Left(verdict.Summary)}."
            + $"{SkippedSpikes(verdict)}{Idle(verdict)}{BelowEpsilon(verdict.Summary)}{Raise(verdict.Summary)}",
        ClippingConclusion.TooFewSteps => $"{Shares(verdict.Summary)}: {Norms(verdict.Summary)}. "
            + $"{FewSteps(verdict.Summary)}, too few to judge the threshold: gradients are often largest in the first steps.{Idle(verdict)}",
        ClippingConclusion.BackpropNeverLimited => "The limit inside the backward pass had no effect: no gradient propagated between time steps reached it.",
        ClippingConclusion.BackpropLimited =>
            Text($"Inside the backward pass {100 * verdict.Summary.ShareLimitedInside:G3}% of the gradients propagated between time steps were limited."),
        ClippingConclusion.NonFiniteSteps => NonFinite(verdict.Summary),
        _ => Vanishing(verdict.Reach!, verdict.Summary.Cells),
    };

    private static string FewSteps(ClippingSummary summary) => summary.FiniteSteps < summary.Steps
        ? $"Only {Plural.Of(summary.FiniteSteps, "step")} had a finite gradient"
        : $"The fit had {Plural.Of(summary.Steps, "step")}";

    private static string Norms(ClippingSummary summary) => Text($"the median norm was {summary.NormMedian:G4} and the largest {summary.NormMax:G4}");

    private static string Shares(ClippingSummary summary)
    {
        string clipped = Text($"{100 * summary.ShareClipped:0.#}% of the steps were clipped");
        return summary.RefusedSteps == 0 ? clipped : Text($"{clipped} and {100.0 * summary.RefusedSteps / summary.FiniteSteps:0.#}% skipped as spikes");
    }

    private static string Left(ClippingSummary summary) => summary.MeanReduction <= 1
        ? Text($"clipping reduced the norm to {100 * summary.MeanReduction:G3}% on average")
        : Text($"clipping multiplied the norm by {summary.MeanReduction:G3} on average");

    private static string SkippedSpikes(ClippingVerdict verdict)
    {
        if (verdict.Summary.RefusedSteps == 0) return "";
        string skipped = $" {Plural.Of(verdict.Summary.RefusedSteps, "step")} {(verdict.Summary.RefusedSteps == 1 ? "was" : "were")} skipped as "
            + (verdict.Summary.RefusedSteps == 1 ? "a spike." : "spikes.");
        return verdict.Conclusion != ClippingConclusion.MostStepsSkipped
            ? skipped
            : skipped + (SkipsByWindow(verdict.Summary)
                ? " So many cannot be spikes. Use more deviations, or a smaller learning rate."
                : " So many cannot be spikes: the typical norm has changed, and a rule that skips such steps never adapts to it. "
                    + "Scale them down instead (skip=false), or use a longer warm-up.");
    }

    private static bool SkipsByWindow(ClippingSummary summary) => GradientClipping.TryParse(summary.Clipping, out GradientClipping? clipping)
        && clipping.Rules.Any(rule => rule is SkipSpikeRule) && !clipping.Rules.Any(rule => rule is ZScoreRule { SkipSpikes: true });

    private static string Idle(ClippingVerdict verdict) => verdict.RulesNeverInForce.Count == 0 ? "" : $" {Capital(Measuring(verdict))}.";

    private static string Measuring(ClippingVerdict verdict)
    {
        string rules = string.Join(" and ", verdict.RulesNeverInForce.Select(rule => $"'{rule}'"));
        bool one = verdict.RulesNeverInForce.Count == 1;
        return Text($"{rules} {(one ? "was" : "were")} still measuring when the fit ended after {Plural.Of(verdict.Summary.Steps, "step")}, so {(one ? "it" : "they")} had no threshold");
    }

    private static string ActsAs(ClippingVerdict verdict) => verdict.ActsAsLearningRate
        ? $"clipping acts as a {(verdict.Summary.MeanReduction <= 1 ? "smaller" : "larger")} learning rate"
        : "clipping is not a rare event";

    private static string Equivalent(ClippingVerdict verdict)
    {
        ClippingSummary summary = verdict.Summary;
        if (verdict.ActsAsLearningRate)
        {
            return double.IsNaN(verdict.EquivalentLearningRate)
                ? Text($" Without clipping, about {summary.MeanReduction:G3} times the learning rate has the same effect.")
                : Text($" Without clipping, a learning rate of about {verdict.EquivalentLearningRate:G3} instead of {summary.LearningRate:G3} has the same effect.");
        }

        bool scaleFree = Optimizer.TryParse(summary.Optimizer, out Optimizer? optimizer) && optimizer.ScaleFreeAbove is not null;
        return scaleFree && summary.ShareOfElementsClamped == 0
            ? $" The optimizer {summary.Optimizer} divides by the size of recent gradients, so a constant factor cancels out. What remains "
                + "is that every step has the same weight."
            : "";
    }

    private static string BelowEpsilon(ClippingSummary summary)
    {
        double? epsilon = Optimizer.TryParse(summary.Optimizer, out Optimizer? optimizer) ? optimizer.ScaleFreeAbove : null;
        return Text($" The optimizer {summary.Optimizer} divides by the size of recent gradients plus an epsilon of {epsilon:G3}; ")
            + Text($"an element of the clipped gradient is about {summary.ElementAfterClipping:G2}, which that epsilon outweighs.");
    }

    private static string Raise(ClippingSummary summary) =>
        summary.MeanReduction <= 1 && !(GradientClipping.TryParse(summary.Clipping, out GradientClipping? clipping) && clipping.Rules.All(rule => rule is NormalizeRule or StabilizeRule or AdaptiveTensorRule or SkipSpikeRule))
            ? " A higher threshold would clip only the rare large steps; keep this one if a search found nothing better."
            : "";

    private static string NonFinite(ClippingSummary summary)
    {
        string first = summary.FirstEvents.Count == 0 ? "" : $", first at {summary.FirstEvents[0]}";
        return $"{summary.NonFiniteSteps} of {summary.Steps} steps had a gradient that was not finite{first}: "
            + $"{summary.SkippedSteps - summary.RefusedSteps} skipped, {summary.ZeroedSteps} with tensors set to zero, {summary.RollBacks} rolled back{Slower(summary)}.";
    }

    /// <summary>How far the roll-backs reduced the learning rate.</summary>
    private static string Slower(ClippingSummary summary)
    {
        if (!NonFinitePolicy.TryParse(summary.Policy, out NonFinitePolicy? policy) || policy.Action != NonFiniteAction.RollBack || summary.RollBacks == 0) return "";
        return Text($", which reduced the learning rate to {Math.Pow(policy.LearningRateFactor, summary.RollBacks):G3} of its value");
    }

    private static string Vanishing(TimeStepReach reach, IReadOnlyList<string> cells) =>
        $"Vanishing gradient: only the last {reach.Reached} of {reach.TimeSteps} time steps contribute more than 1/1000 of the largest contribution; "
        + "earlier time steps hardly train the model. Clipping does not help with that. "
        + $"What may help: {Longer(cells)}shorter sequences, or values from the distant past as features.";

    /// <summary>What lets gradients reach further back, as far as the model does not have it.</summary>
    private static string Longer(IReadOnlyList<string> cells) => cells switch
    {
        ["lstm"] => "a larger forget-gate bias, ",
        ["gru"] => "an LSTM with a large forget-gate bias instead of the GRU, ",
        ["rnn"] => "an LSTM or a GRU instead of the plain recurrent layer, ",
        _ => "an LSTM instead of another recurrent layer, a larger forget-gate bias of an LSTM, ",
    };

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
