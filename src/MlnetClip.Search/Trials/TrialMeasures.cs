namespace MlnetClip;

/// <summary>The names of the measures that training trials store in <see cref="Trial.Measures"/>.</summary>
public static class TrialMeasures
{
    /// <summary>The number of training steps.</summary>
    public const string Steps = "steps";

    /// <summary>Share of finite steps whose gradient clipping changed.</summary>
    public const string ShareClipped = "share_clipped";

    /// <summary>Steps with a gradient that was not finite.</summary>
    public const string NonFiniteSteps = "nonfinite_steps";

    /// <summary>The loss of the first batch, before the first update.</summary>
    public const string LossBegun = "loss_begun";

    /// <summary>The mean training loss of the last epoch.</summary>
    public const string LossEnded = "loss_ended";

    /// <summary>The number of elements of the gradient.</summary>
    public const string Parameters = "parameters";

    /// <summary>Steps whose norms the calibration measured; if training diverged, those before that.</summary>
    public const string NormSteps = "norm_steps";

    /// <summary>Mean of the measured norms.</summary>
    public const string NormMean = "norm_mean";

    /// <summary>Largest of the measured norms.</summary>
    public const string NormMax = "norm_max";

    /// <summary>Time steps of a sequence.</summary>
    public const string TimeSteps = "time_steps";

    /// <summary>Time steps, from the end of the sequence, that the gradient reaches.</summary>
    public const string TimeStepsReached = "time_steps_reached";

    /// <summary>The name of a quantile of the measured norms, for example <c>norm_q05</c>.</summary>
    /// <param name="percent">From 0 to 100.</param>
    public static string NormQuantile(int percent) => $"norm_q{percent:00}";
}
