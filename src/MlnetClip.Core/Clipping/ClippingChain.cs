using MlnetClip.Gradients;
using MlnetClip.Kernels;

namespace MlnetClip.Clipping;

/// <summary>The clipping stage of a fit: applies the rules in order to a gradient that passed the <see cref="NonFiniteGuard"/>. Allocates nothing.</summary>
internal sealed class ClippingChain
{
    private readonly GradientStore _store;
    private readonly GradientGroup _whole;
    private readonly IClippingRule[] _rules;
    private readonly ClippingStates _states;
    private readonly bool _deferScale;

    /// <summary>Prepares the stage for one fit.</summary>
    /// <param name="states">The rules and their states.</param>
    /// <param name="gradient">The whole gradient.</param>
    /// <param name="deferScale">True when the caller passes <see cref="ClipReport.PendingScale"/> to the optimizer, which saves a pass over the
    /// gradient; false leaves the final values in the gradient.</param>
    public ClippingChain(ClippingStates states, GradientGroup gradient, bool deferScale)
    {
        (_states, _whole, _deferScale) = (states, gradient, deferScale);
        _store = gradient.Store;
        _rules = [.. states.Rules];
    }

    /// <summary>Applies the rules.</summary>
    /// <param name="step">The step.</param>
    /// <param name="report">What the guard reported; returned as it is when the step is not taken.</param>
    public ClipReport Apply(in ClippingStep step, in ClipReport report)
    {
        if (!report.TakesStep) return report;
        double scale = 1, threshold = double.NaN;
        long clamped = 0;
        int acted = -1;
        StepOutcome outcome = report.Outcome;
        for (int i = 0; i < _rules.Length && outcome != StepOutcome.Skipped; i++)
        {
            _store.BeginRule();
            ClipReport rule = _rules[i].Apply(_whole, step, _states[i]);
            scale *= rule.Scale;
            clamped = Math.Max(clamped, rule.ElementsClamped);
            if (!double.IsPositiveInfinity(rule.Threshold)) _states.CountInForce(i);
            if (rule.Changed || (acted < 0 && double.IsNaN(threshold))) threshold = rule.Threshold;
            if (rule.Changed) acted = i;
            if (rule.Outcome == StepOutcome.Skipped) outcome = StepOutcome.Skipped;
        }

        _store.Refresh();
        if (!_deferScale || !ScaleInPlace.FitsFloat(_store.Pending)) _store.Settle();
        return report with
        {
            NormAfter = GradientStore.Norm(_store.Squares, _store.All),
            Scale = scale,
            PendingScale = _store.PendingSingle,
            ElementsClamped = Math.Min(Math.Max(clamped, _store.Clamped), report.Elements), // a rule of the user's may clamp by itself and report it
            Changed = report.Changed || acted >= 0,
            Rule = acted,
            Threshold = threshold,
            Outcome = outcome,
        };
    }
}
