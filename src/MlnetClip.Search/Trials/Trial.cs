using System.Globalization;

namespace MlnetClip;

/// <summary>One trial of a study.</summary>
/// <param name="Number">Its number in the study, from 0 on.</param>
/// <param name="Generation">The generation, from 0. A generation begins when the previous one has finished.</param>
/// <param name="Request">The request.</param>
public sealed record Trial(int Number, int Generation, TrialRequest Request)
{
    /// <summary>The purpose of the trial.</summary>
    public TrialStage Stage => Request.Stage;

    /// <summary>The point that it tries.</summary>
    public SearchPoint Point => Request.Point;

    /// <summary>The seed, as an index of the study's seeds.</summary>
    public int Seed => Request.Seed;

    /// <summary>The state of the trial.</summary>
    public TrialState State { get; init; }

    /// <summary>The number of attempts; an attempt whose process terminated counts, one that was stopped regularly does not.</summary>
    public int Attempt { get; init; }

    /// <summary>The value; lower is better. Null until <see cref="TrialState.Complete"/> or <see cref="TrialState.Pruned"/>.</summary>
    public double? Value { get; init; }

    /// <summary>The intermediate values, by increasing step; empty until the trial has finished.</summary>
    public IReadOnlyList<TrialReport> Reports { get; init; } = [];

    /// <summary>Further measures, by name.</summary>
    public IReadOnlyDictionary<string, double> Measures { get; init; } = new Dictionary<string, double>();

    /// <summary>Why it failed; null unless <see cref="TrialState.Failed"/>.</summary>
    public TrialFailure? Failure { get; init; }

    /// <summary>The duration of the last attempt in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Whether it has finished, with any result.</summary>
    public bool Finished => State > TrialState.Running;

    /// <summary>
    /// Whether training diverged: a loss or gradient was not finite, or the loss of the last epoch is above the loss that training
    /// began with by half or more. For <see cref="TrialStage.Calibrate"/>, skipped steps count too.
    /// </summary>
    public bool Diverged =>
        Failure?.Kind == FailureKind.NonFinite
        || (Stage == TrialStage.Calibrate && Measure(TrialMeasures.NonFiniteSteps) > 0)
        || (State == TrialState.Complete && Measure(TrialMeasures.LossBegun) is { } begun && Measure(TrialMeasures.LossEnded) is { } ended && IsRise(begun, ended));

    /// <summary>The trial in one line, for example <c>trial 3 (Explore, norm=0.316, seed 0): Complete after 6 steps and 2.1 s, value 0.02705</c>; the point without values prints as <c>none</c>.</summary>
    public override string ToString()
    {
        string point = Point.Values.Count == 0 ? "none" : $"{Point}", steps = Reports.Count == 0 ? "" : $" after {Reports[^1].Step} {(Reports[^1].Step == 1 ? "step" : "steps")} and";
        string what = string.Create(CultureInfo.InvariantCulture, $"trial {Number} ({Stage}, {point}, seed {Seed}): {State}");
        if (!Finished) return what;
        return string.Create(CultureInfo.InvariantCulture, $"{what}{(steps.Length > 0 ? steps : " after")} {Seconds:0.0} s{(Value is { } value ? $", value {value:G4}" : "")}{(Failure is null ? "" : $", {Failure}")}");
    }

    /// <summary>A measure, or null if the trial has none of that name.</summary>
    public double? Measure(string name) => Measures.TryGetValue(name, out double value) ? value : null;

    /// <summary>
    /// Whether a loss ended above its start. The start is the loss of one batch before the first update; the mean of
    /// an epoch may exceed it by chance, so an increase must be at least half of it.
    /// </summary>
    internal static bool IsRise(double begun, double ended) => ended > begun + (0.5 * Math.Abs(begun));
}
