using MlnetClip.Parameters;

namespace MlnetClip;

/// <summary>
/// One way to change a gradient before the optimizer sees it: a small immutable object, equal by value, that prints
/// its own text form. Its memory between steps is a <see cref="ClippingState"/> of its own.
/// </summary>
/// <remarks>
/// A rule is called once a step with a gradient that is finite in every element, or not called at all. It allocates
/// nothing and gives the same result whatever the number of threads, as every method of <see cref="GradientGroup"/> does.
/// </remarks>
public interface IClippingRule
{
    /// <summary>The text form, for example <c>norm:1</c>; culture-invariant, and equal for equal rules.</summary>
    string Text { get; }

    /// <summary>What the rule does, in words for people, with thresholds converted for the sizes of a step. The text form by default.</summary>
    /// <param name="step">A step of the fit.</param>
    string Describe(in ClippingStep step) => Text;

    /// <summary>What keeps the rule from acting on these parameters, as a sentence; null, the default, for nothing.</summary>
    /// <param name="parameters">The parameters that the rule is in charge of, at least one.</param>
    string? ProblemWith(IReadOnlyList<Parameter> parameters) => null;

    /// <summary>A fresh memory for one fit, or null (the default) for a rule without a memory.</summary>
    /// <param name="gradients">The gradients that the rule will be given.</param>
    ClippingState? CreateState(GradientGroup gradients) => null;

    /// <summary>Changes the gradient where the rule asks for it.</summary>
    /// <param name="gradients">The gradient, or the part of it that the rule was put in charge of.</param>
    /// <param name="step">The step.</param>
    /// <param name="state">What <see cref="CreateState"/> returned for this fit.</param>
    /// <returns><see cref="GradientGroup.Report"/>, with the threshold that was in force.</returns>
    ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state);
}
