using MlnetClip.Parameters;

namespace MlnetClip;

/// <summary>
/// One way to change a gradient before the optimizer uses it: a small immutable object, equal by value, with a
/// text form. What it keeps between steps is in a separate <see cref="ClippingState"/>.
/// </summary>
/// <remarks>
/// A rule is called at most once per step, and only with a gradient that is finite in every element. It must allocate
/// nothing and give the same result for any number of threads; every method of <see cref="GradientGroup"/> does.
/// </remarks>
public interface IClippingRule
{
    /// <summary>The text form, for example <c>norm:1</c>; culture-invariant, and equal for equal rules.</summary>
    string Text { get; }

    /// <summary>Describes the rule in words, with thresholds converted for the sizes of a step. The default is the text form.</summary>
    /// <param name="step">A step of the fit.</param>
    string Describe(in ClippingStep step) => Text;

    /// <summary>Explains in a sentence why the rule cannot be applied to these parameters; null, the default, when it can.</summary>
    /// <param name="parameters">The parameters that the rule would apply to, at least one.</param>
    string? ProblemWith(IReadOnlyList<Parameter> parameters) => null;

    /// <summary>Creates the state for one fit, or returns null (the default) for a rule without state.</summary>
    /// <param name="gradients">The gradients that the rule will be called with.</param>
    ClippingState? CreateState(GradientGroup gradients) => null;

    /// <summary>Applies the rule to the gradient.</summary>
    /// <param name="gradients">The gradient, or the part of it that the rule applies to.</param>
    /// <param name="step">The step.</param>
    /// <param name="state">What <see cref="CreateState"/> returned for this fit.</param>
    /// <returns>The result of <see cref="GradientGroup.Report"/>, called with the threshold that was in force.</returns>
    ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state);
}
