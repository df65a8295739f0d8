using System.Globalization;

namespace MlnetClip.Clipping;

/// <summary>What the figures of a fit mean, in words.</summary>
internal static class ClippingVerdict
{
    /// <summary>From this share of clipped steps on, clipping acts as a smaller learning rate.</summary>
    public const double MostSteps = 0.9;

    /// <summary>From this share of steps left out as spikes on, they are none.</summary>
    public const double MostRefused = 0.5;

    /// <summary>A gradient counts as vanished where a time step contributes less than this part of the largest contribution.</summary>
    public const double VanishingRatio = 1e-3;

    /// <summary>The verdicts on a fit; at least one.</summary>
    public static IReadOnlyList<string> Of(ClippingSummary summary)
    {
        var verdicts = new List<string>();
        if (summary.FiniteSteps == 0) verdicts.Add("No step had a finite gradient: there is nothing to tell about clipping.");
        else verdicts.Add(OnRules(summary));
        if (OnInside(summary) is { } inside) verdicts.Add(inside);
        if (summary.NonFiniteSteps > 0) verdicts.Add(OnNonFinite(summary));
        if (OnTimeSteps(summary.TimeStepNorms) is { } vanishing) verdicts.Add(vanishing);
        return verdicts;
    }

    private static string OnRules(ClippingSummary summary)
    {
        string norm = Text($"the norm had the median {summary.NormMedian:G4} and the maximum {summary.NormMax:G4}");
        string refused = summary.RefusedSteps == 0 ? "" : Text($" {summary.RefusedSteps} steps were left out as spikes.");
        if (summary.RefusedSteps > MostRefused * summary.FiniteSteps)
        {
            refused += " So many are no spikes: the norm has moved for good, which a rule that leaves such steps out never learns. "
                + "Scale them down instead (skip=false), or warm up for longer.";
        }

        if (summary.Rules.Count == 0) return $"Not clipped by any rule: {norm}.";
        if (summary.ClippedSteps == 0 && refused.Length == 0)
        {
            return $"Never clipped: no gradient reached the threshold, so the rules had no effect; {norm}. "
                + "Keep them as a safeguard, or lower the threshold to below the largest norm.";
        }

        string share = Text($"{100 * summary.ShareClipped:0.#}% of the steps were clipped");
        string left = summary.MeanReduction <= 1
            ? Text($"clipping left {100 * summary.MeanReduction:G3}% of it on average")
            : Text($"was multiplied by {summary.MeanReduction:G3} on average");
        return summary.ShareClipped <= MostSteps
            ? $"{share}: {norm}, and {left}.{refused}"
            : $"{share}: clipping acts as a {(summary.MeanReduction <= 1 ? "smaller" : "larger")} learning rate; {norm}, and {left}.{refused} {Equivalent(summary)}";
    }

    /// <summary>Whether the limit inside the backward pass did anything.</summary>
    private static string? OnInside(ClippingSummary summary)
    {
        if (!summary.BackpropClipping.Any(line => line.StartsWith("inside", StringComparison.Ordinal))) return null;
        return summary.ShareLimitedInside == 0
            ? "Inside the backward pass nothing was limited: no time step passed on as much as the limit, which had no effect."
            : Text($"Inside the backward pass {100 * summary.ShareLimitedInside:G3}% of what time steps passed to the ones before them was limited.");
    }

    /// <summary>What learning rate would do the same, which depends on the optimizer.</summary>
    private static string Equivalent(ClippingSummary summary)
    {
        string advice = summary.MeanReduction <= 1 ? " Raise the threshold to clip the rare large steps only." : "";
        if (summary.Optimizer.StartsWith("adam", StringComparison.Ordinal) || summary.Optimizer.StartsWith("rmsprop", StringComparison.Ordinal))
        {
            return $"The optimizer {summary.Optimizer} divides by the size of recent gradients, so that a constant factor cancels out: what remains "
                + $"is that every step counts alike.{advice}";
        }

        string rate = double.IsNaN(summary.LearningRate)
            ? Text($"a learning rate of {summary.MeanReduction:G3} times the one set")
            : Text($"a learning rate of {summary.LearningRate * summary.MeanReduction:G3} instead of {summary.LearningRate:G3}");
        return Text($"The equivalent without clipping is about {rate}.{advice}");
    }

    private static string OnNonFinite(ClippingSummary summary)
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

    private static string? OnTimeSteps(IReadOnlyList<double> norms)
    {
        double largest = norms.Count == 0 ? 0 : norms.Max();
        if (largest == 0) return null;
        int reached = 0; // steps from the end that contribute
        for (int t = 0; t < norms.Count && reached == 0; t++)
            if (norms[t] >= VanishingRatio * largest) reached = norms.Count - t;
        if (reached == norms.Count) return null;
        return $"Vanishing: what a time step contributes to the gradient falls below 1/1000 of the largest {reached} steps before the end of {norms.Count}; "
            + "what lies further back hardly trains the model. Clipping does not help with that. What does: an LSTM instead of a plain recurrent layer, "
            + "shorter sequences, a larger bias of the forget gate, or giving the far past as a feature.";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
