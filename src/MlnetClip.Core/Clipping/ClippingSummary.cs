using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlnetClip.Clipping;

namespace MlnetClip;

/// <summary>The clipping record of a fit: the settings, and statistics of the gradients. Data only; it is stored in the model.</summary>
public sealed record ClippingSummary
{
    private static readonly JsonSerializerOptions s_text = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    // A list that a file lacks is null, whatever its initial value, and reads as empty.

    /// <summary>Text form of the rules.</summary>
    public required string Clipping { get; init; }

    /// <summary>Text form of the non-finite policy.</summary>
    public required string Policy { get; init; }

    /// <summary>The learning rate of the fit, before schedule and roll-backs; NaN where unknown.</summary>
    public double LearningRate { get; init; } = double.NaN;

    /// <summary>Text form of the optimizer; empty where unknown.</summary>
    public string Optimizer { get; init; } = "";

    /// <summary>The kinds of recurrent layers of the model, each once: <c>lstm</c>, <c>gru</c>, <c>rnn</c>. Empty where unknown.</summary>
    public IReadOnlyList<string> Cells { get => field ?? []; init; }

    /// <summary>The limits inside the backward pass in words, one line for each.</summary>
    [JsonPropertyName("Inside")] // as files of version 0.1 have it
    public IReadOnlyList<string> BackpropClipping { get => field ?? []; init; }

    /// <summary>What each rule does in words, one line for each, with thresholds converted for the fit's sizes.</summary>
    public IReadOnlyList<string> Rules { get => field ?? []; init; }

    /// <summary>
    /// By rule, in how many steps it had a threshold in force: 0 for one that was still measuring when the fit ended. Empty where unknown.
    /// </summary>
    public IReadOnlyList<long> StepsInForce { get => field ?? []; init; }

    /// <summary>All steps.</summary>
    public long Steps { get; init; }

    /// <summary>Steps whose gradient was finite.</summary>
    public long FiniteSteps { get; init; }

    /// <summary>Finite steps whose gradient a rule changed.</summary>
    public long ClippedSteps { get; init; }

    /// <summary>Clipped steps whose gradient was only multiplied by one factor, so that its direction was kept.</summary>
    public long RescaledSteps { get; init; }

    /// <summary>Steps without an update.</summary>
    public long SkippedSteps { get; init; }

    /// <summary>Steps in which the affected gradients were set to zero.</summary>
    public long ZeroedSteps { get; init; }

    /// <summary>The number of roll-backs to a snapshot.</summary>
    public long RollBacks { get; init; }

    /// <summary>The number of elements of the gradient; 0 where unknown.</summary>
    public long Elements { get; init; }

    /// <summary>Share of the elements of finite steps that a clamp changed.</summary>
    public double ShareOfElementsClamped { get; init; }

    /// <summary>Mean over finite steps of the share of the gradients propagated between time steps that were limited inside the backward pass.</summary>
    public double ShareLimitedInside { get; init; }

    /// <summary>Mean over finite steps of the ratio of clipped to unclipped norm.</summary>
    public double MeanReduction { get; init; } = 1;

    /// <summary>Mean of the norm before clipping over finite steps; NaN when there was none.</summary>
    public double NormMean { get; init; } = double.NaN;

    /// <summary>Mean of the norm after clipping over the finite steps with an update; NaN when there was none or where unknown.</summary>
    public double NormMeanAfter { get; init; } = double.NaN;

    /// <summary>Largest norm before clipping over finite steps.</summary>
    public double NormMax { get; init; }

    /// <summary>Quantiles of the norm before clipping at <see cref="QuantileShares"/>; NaN when there was no finite step.</summary>
    public IReadOnlyList<double> NormQuantiles { get => field ?? []; init; }

    /// <summary>True when the quantiles are exact, false when they are within 0.35%.</summary>
    public bool QuantilesAreExact { get; init; } = true;

    /// <summary>The final states of adaptive rules in words, one line for each.</summary>
    public IReadOnlyList<string> States { get => field ?? []; init; }

    /// <summary>Mean norm of what each time step contributed to the gradient, from the first to the last; empty where not measured.</summary>
    public IReadOnlyList<double> TimeStepNorms { get => field ?? []; init; }

    /// <summary>The first non-finite steps, at most 16.</summary>
    public IReadOnlyList<NonFiniteEvent> FirstEvents { get => field ?? []; init; }

    /// <summary>The levels of <see cref="NormQuantiles"/>: 0, 1, 5, 10, 25, 50, 75, 90, 95, 99 and 100 percent.</summary>
    public static IReadOnlyList<double> QuantileShares { get; } = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];

    /// <summary>Steps whose gradient held a NaN or an infinity.</summary>
    public long NonFiniteSteps => Steps - FiniteSteps;

    /// <summary>Finite steps that a rule skipped as spikes.</summary>
    public long RefusedSteps => SkippedSteps - (NonFiniteSteps - ZeroedSteps - RollBacks);

    /// <summary>Share of finite steps whose gradient was changed; 0 when there was none.</summary>
    public double ShareClipped => FiniteSteps == 0 ? 0 : (double)ClippedSteps / FiniteSteps;

    /// <summary>Share of all steps that had no update; 0 when there was none.</summary>
    public double ShareSkipped => Steps == 0 ? 0 : (double)SkippedSteps / Steps;

    /// <summary>Median of the norm before clipping; NaN when there was no finite step.</summary>
    public double NormMedian => NormQuantiles.Count == 0 ? double.NaN : NormQuantiles[5];

    /// <summary>Whether a rule limited single elements, so that <see cref="ShareOfElementsClamped"/> is of interest even where it is 0.</summary>
    [JsonIgnore]
    public bool LimitsElements =>
        ShareOfElementsClamped > 0 || (GradientClipping.TryParse(Clipping, out GradientClipping? clipping) && clipping.LimitsElements);

    /// <summary>The size of an element of the gradient after clipping: the root of its mean square; NaN where unknown.</summary>
    internal double ElementAfterClipping => Elements == 0 ? double.NaN : NormMeanAfter / Math.Sqrt(Elements);

    /// <summary>The conclusions from these figures; never empty.</summary>
    [JsonIgnore]
    public IReadOnlyList<ClippingVerdict> Verdicts => ClippingVerdicts.Of(this);

    /// <summary>Two summaries are equal when all their figures and texts are equal.</summary>
    public bool Equals(ClippingSummary? other) =>
        other is not null && JsonSerializer.Serialize(this, s_text) == JsonSerializer.Serialize(other, s_text);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Clipping, Policy, Steps, ClippedSteps, NormMax);

    /// <summary>The setting and its effect, in a line: <c>clipping norm:1: 13% of 870 steps clipped, gradient norm 0.31 (median), 4.2 (largest)</c>.</summary>
    public override string ToString() => Steps == 0 ? $"clipping {Clipping}: no training step was made" :
        string.Create(CultureInfo.InvariantCulture, $"clipping {Clipping}: {100 * ShareClipped:F0}% of {FiniteSteps} steps clipped, gradient norm {NormMedian:G4} (median), {NormMax:G4} (largest)")
        + (NonFiniteSteps == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {NonFiniteSteps} steps not finite"))
        + (RefusedSteps <= 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {RefusedSteps} skipped as spikes"));
}
