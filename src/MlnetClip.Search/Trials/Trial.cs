namespace MlnetClip;

/// <summary>One trial as a study keeps it.</summary>
/// <param name="Number">Its number in the study, from 0 on.</param>
/// <param name="Generation">Which generation it was asked for in, from 0 on. A generation begins when the one before has ended.</param>
/// <param name="Request">What was asked for.</param>
public sealed record Trial(int Number, int Generation, TrialRequest Request)
{
    /// <summary>What it is for.</summary>
    public TrialStage Stage => Request.Stage;

    /// <summary>What it tries.</summary>
    public SearchPoint Point => Request.Point;

    /// <summary>Which of the study's seeds it trains with.</summary>
    public int Seed => Request.Seed;

    /// <summary>Where it stands.</summary>
    public TrialState State { get; init; }

    /// <summary>How often it has been begun; a process that vanished counts, one that stopped in good order does not.</summary>
    public int Attempt { get; init; }

    /// <summary>The value, less is better; null until <see cref="TrialState.Complete"/> or <see cref="TrialState.Pruned"/>.</summary>
    public double? Value { get; init; }

    /// <summary>The values on the way, by increasing step; empty until the trial has ended.</summary>
    public IReadOnlyList<TrialReport> Reports { get; init; } = [];

    /// <summary>What else was measured, by name.</summary>
    public IReadOnlyDictionary<string, double> Measures { get; init; } = new Dictionary<string, double>();

    /// <summary>Why it failed; null unless <see cref="TrialState.Failed"/>.</summary>
    public TrialFailure? Failure { get; init; }

    /// <summary>Seconds from its last beginning to its end.</summary>
    public double Seconds { get; init; }

    /// <summary>Whether it has ended, in whatever way.</summary>
    public bool Finished => State > TrialState.Running;

    /// <summary>
    /// Whether training diverged: a loss or gradient was not finite, or the loss of the last epoch is above the loss that training
    /// began with by half or more. For <see cref="TrialStage.Calibrate"/> it counts too that steps had to be left out.
    /// </summary>
    public bool Diverged =>
        Failure?.Kind == FailureKind.NonFinite
        || (Stage == TrialStage.Calibrate && Measure(TrialMeasures.NonFiniteSteps) > 0)
        || (State == TrialState.Complete && Measure(TrialMeasures.LossBegun) is { } begun && Measure(TrialMeasures.LossEnded) is { } ended && IsRise(begun, ended));

    /// <summary>A measure, or null where the trial has none of that name.</summary>
    public double? Measure(string name) => Measures.TryGetValue(name, out double value) ? value : null;

    /// <summary>
    /// Whether a loss ended above where it began. It begins with the loss of one batch before the first update, beside which the mean of
    /// an epoch may be larger by chance: a rise is half as much again.
    /// </summary>
    internal static bool IsRise(double begun, double ended) => ended > begun + (0.5 * Math.Abs(begun));
}
