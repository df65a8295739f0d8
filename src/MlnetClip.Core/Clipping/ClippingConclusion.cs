namespace MlnetClip;

/// <summary>What a <see cref="ClippingVerdict"/> concludes from the figures of a fit.</summary>
public enum ClippingConclusion
{
    /// <summary>No step had a finite gradient, so nothing can be said about clipping.</summary>
    NoFiniteStep,

    /// <summary>The fit had no clipping rules.</summary>
    NoRules,

    /// <summary>Every rule was still measuring when the fit ended, so none had a threshold.</summary>
    NeverInForce,

    /// <summary>No gradient reached a threshold.</summary>
    NeverClipped,

    /// <summary>Some steps were clipped or skipped as spikes; most were not.</summary>
    SomeStepsClipped,

    /// <summary>More than nine steps in ten were clipped: clipping is not a rare event.</summary>
    MostStepsClipped,

    /// <summary>More than nine steps in ten were clipped, so far down that the optimizer's epsilon outweighs the gradient: the weights hardly move.</summary>
    UpdatesVanish,

    /// <summary>More than half of the steps were skipped as spikes, so they are not spikes.</summary>
    MostStepsSkipped,

    /// <summary>The limit inside the backward pass had no effect.</summary>
    BackpropNeverLimited,

    /// <summary>The limit inside the backward pass limited some of the gradients propagated between time steps.</summary>
    BackpropLimited,

    /// <summary>Some steps had a gradient that was not finite.</summary>
    NonFiniteSteps,

    /// <summary>The gradient vanishes as it is propagated back through time.</summary>
    VanishingGradient,

    /// <summary>No training step was made, so nothing can be said about clipping.</summary>
    NoStep,

    /// <summary>Most steps were clipped or skipped, but the fit had so few that nothing can be concluded: the first steps of a fit are not typical.</summary>
    TooFewSteps,
}
