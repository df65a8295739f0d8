using MlnetClip.Clipping;

namespace MlnetClip.Cli.Output;

/// <summary>Clipping settings in words.</summary>
internal static class ClippingText
{
    /// <summary>Whether a rule of the setting limits elements, so that the share of elements that it changed means something.</summary>
    public static bool Clamps(string clipping) => RulesOf(clipping).Any(rule => rule.StartsWith("value:", StringComparison.Ordinal));

    /// <summary>The setting in words, its rules in the order they act.</summary>
    public static string InWords(string clipping)
    {
        string[] rules = [.. RulesOf(clipping).Select(RuleInWords)];
        return rules.Length == 0 ? "gradients are left as they are" : string.Join("; then ", rules);
    }

    /// <summary>What the figures of a fit say about its threshold.</summary>
    public static string Verdict(ClippingSummary fit)
    {
        if (fit.FiniteSteps == 0) return "no step had a finite gradient: nothing was learned.";
        if (!RulesOf(fit.Clipping).Any()) return "gradients were not clipped; the norms above show what a threshold would meet.";
        if (fit.ClippedSteps == 0) return "no step was clipped: the threshold had no effect.";
        return fit.ShareClipped > 0.9
            ? $"more than 90% of the steps were clipped, to {Figures.Share(fit.MeanReduction)} of their length on average: the threshold acts as a smaller learning rate."
            : "some steps were clipped and the others left alone: the threshold acts on the large gradients only.";
    }

    private static IEnumerable<string> RulesOf(string clipping) => GradientClipping.Parse(clipping).Rules.Select(rule => rule.Text);

    private static string RuleInWords(string rule)
    {
        int colon = rule.IndexOf(':', StringComparison.Ordinal);
        string limit = rule[(colon + 1)..];
        return rule[..Math.Max(0, colon)] switch
        {
            "value" when limit.Contains(',', StringComparison.Ordinal) => $"every element of the gradient is limited to the range {limit.Replace(",", " to ", StringComparison.Ordinal)}",
            "value" => $"every element of the gradient is limited to ±{limit}",
            "norm" => $"one norm over all parameters together is limited to {limit}",
            "norm-layer" => $"the norm of each layer on its own is limited to {limit}; the whole gradient has no limit",
            "norm-tensor" => $"the norm of each weight matrix and bias on its own is limited to {limit}; the whole gradient has no limit",
            "norm-gate" => $"the norm of each gate on its own is limited to {limit}; the whole gradient has no limit",
            _ => rule,
        };
    }
}
