
namespace MlnetClip;

/// <summary>
/// The measurements of a fit without clipping: the gradient's norm over its first epochs, in the units of the mean loss over batch
/// and outputs. The thresholds to search are derived from it. If training diverged, only the norms before that are used.
/// </summary>
public sealed record UnclippedFit
{
    // Below a tenth of the typical norm every step is clipped to one length; above ten times the mean hardly any is. Pascanu,
    // Mikolov and Bengio (2013) found good thresholds at 0.5 to 10 times the mean; optimizers that divide by the gradient's
    // size, such as Adam, work well with lower ones. If training diverged before it learned anything, its steps were too long by orders of magnitude.
    private const double Below = 0.1, BelowDivergence = 1e-3, Above = 10;

    /// <summary>The percentages of <see cref="Quantiles"/>.</summary>
    public static IReadOnlyList<int> Percentages { get; } = [5, 25, 50, 75, 90, 95];

    /// <summary>Steps that were measured; 0 when none had a finite gradient.</summary>
    public long Steps { get; init; }

    /// <summary>Mean norm; NaN without steps.</summary>
    public double Mean { get; init; } = double.NaN;

    /// <summary>Largest norm; NaN without steps.</summary>
    public double Max { get; init; } = double.NaN;

    /// <summary>Quantiles of the norm by percentage; NaN without steps.</summary>
    public IReadOnlyDictionary<int, double> Quantiles { get; init; } = Percentages.ToDictionary(percent => percent, _ => double.NaN);

    /// <summary>Elements of the gradient; 0 without steps.</summary>
    public long Parameters { get; init; }

    /// <summary>Steps of the whole fit whose gradient was not finite.</summary>
    public long NonFiniteSteps { get; init; }

    /// <summary>Whether training without clipping diverged (<see cref="Trial.Diverged"/>): a finding, not a failure.</summary>
    public bool Diverged { get; init; }

    /// <summary>How far back through time the gradient reaches; null when it was not measured.</summary>
    public TimeStepReach? Reach { get; init; }

    /// <summary>Whether the gradient vanishes as it is propagated back through time.</summary>
    public bool Vanishing => Reach is { IsVanishing: true };

    /// <summary>Reads the measures of the calibration trial.</summary>
    public static UnclippedFit Of(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        double Figure(string name, double defaultValue) => trial.Measure(name) ?? defaultValue;
        return new UnclippedFit
        {
            Steps = (long)Figure(TrialMeasures.NormSteps, 0),
            Mean = Figure(TrialMeasures.NormMean, double.NaN),
            Max = Figure(TrialMeasures.NormMax, double.NaN),
            Quantiles = Percentages.ToDictionary(percent => percent, percent => Figure(TrialMeasures.NormQuantile(percent), double.NaN)),
            Parameters = (long)Figure(TrialMeasures.Parameters, 0),
            NonFiniteSteps = (long)Figure(TrialMeasures.NonFiniteSteps, 0),
            Diverged = trial.Diverged,
            Reach = trial.Measure(TrialMeasures.TimeSteps) is { } steps && trial.Measure(TrialMeasures.TimeStepsReached) is { } reached
                ? new TimeStepReach((int)reached, (int)steps)
                : null,
        };
    }

    /// <summary>
    /// The range of global norms to try: from a tenth of the median, or a thousandth if training diverged, to ten times the mean, or ten
    /// times the 90% quantile if explosions make the mean larger. Null when no norm above 0 was measured.
    /// </summary>
    public (double Minimum, double Maximum)? NormRange()
    {
        double median = Quantiles[50];
        return median > 0 && double.IsFinite(median) ? ((Diverged ? BelowDivergence : Below) * median, Above * Math.Min(Mean, Quantiles[90])) : null;
    }
}
