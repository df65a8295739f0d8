using static System.FormattableString;

namespace MlnetClip;

/// <summary>The errors of a forecaster and of three naive forecasts, all evaluated on the same pairs of forecast and actual value.</summary>
public sealed record ForecastScores
{
    /// <summary>The forecaster's errors.</summary>
    public required ForecastMetrics Model { get; init; }

    /// <summary>Errors of repeating the last value: <c>x[t]</c>.</summary>
    public required ForecastMetrics LastValue { get; init; }

    /// <summary>Errors of repeating the last season: <c>x[t + h - k * s]</c> with <c>k = ceil(h / s)</c>.</summary>
    public required ForecastMetrics SeasonalNaive { get; init; }

    /// <summary>Errors of the last season plus the change over it: <c>x[t + h - k * s] + k * (x[t] - x[t - s])</c>.</summary>
    public required ForecastMetrics SeasonalNaiveDrift { get; init; }

    /// <summary>
    /// MASE's denominator: the mean of <c>|x[i] - x[i - s]|</c> over the rows before the first origin where both values were
    /// observed; NaN where there is no such row, and where there are several series or folds, each with a scale of its own.
    /// </summary>
    public required double Scale { get; init; }

    /// <summary>Rows at which a forecast was evaluated: those from the first origin on that have at least one pair.</summary>
    public required int Origins { get; init; }

    /// <summary>Pairs of forecast and actual value that were evaluated.</summary>
    public required long Pairs { get; init; }

    /// <summary>
    /// The number of forecast values that were excluded because the forecaster had no finite value, although the actual value and the
    /// naive forecasts were known. If it is above 0, the scores do not cover all forecasts.
    /// </summary>
    public required long Skipped { get; init; }

    /// <summary>Pairs whose actual value is 0, which <see cref="ForecastMetrics.Mape"/> leaves out.</summary>
    public long ZeroActuals { get; init; }

    /// <summary>Pairs of series without a scale, which <see cref="ForecastMetrics.Mase"/> leaves out.</summary>
    public long Unscaled { get; init; }

    /// <summary>The quantiles that were evaluated, in ascending order of their level; empty without quantiles.</summary>
    public IReadOnlyList<QuantileScores> Quantiles { get; init; } = [];

    /// <summary>The bounds that were evaluated; null without bounds.</summary>
    public IntervalScores? Interval { get; init; }

    /// <summary>The scores of each step of the horizon, the next row first; empty in the scores of a step.</summary>
    public IReadOnlyList<ForecastScores> ByStep { get; init; } = [];

    /// <summary>The scores of each series by its name, in the order of their first rows; empty without a group column, and in the scores of a step or series.</summary>
    public IReadOnlyDictionary<string, ForecastScores> BySeries { get; init; } = new Dictionary<string, ForecastScores>();

    /// <summary>Whether all scores are equal, those by step and by series included.</summary>
    public bool Equals(ForecastScores? other) => other is not null && Model == other.Model && LastValue == other.LastValue && SeasonalNaive == other.SeasonalNaive
        && SeasonalNaiveDrift == other.SeasonalNaiveDrift && Scale.Equals(other.Scale) && Interval == other.Interval
        && (Origins, Pairs, Skipped, ZeroActuals, Unscaled) == (other.Origins, other.Pairs, other.Skipped, other.ZeroActuals, other.Unscaled)
        && Quantiles.SequenceEqual(other.Quantiles) && ByStep.SequenceEqual(other.ByStep) && BySeries.SequenceEqual(other.BySeries);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Model, LastValue, Pairs, Skipped);

    /// <summary>The model's errors, how the naive forecasts compare, and what was evaluated, in a line.</summary>
    public override string ToString() =>
        Invariant($"{Model}, {Percentages()}; RMSE of naive forecasts: last value {LastValue.Rmse:G4}, seasonal {SeasonalNaive.Rmse:G4}, seasonal with drift {SeasonalNaiveDrift.Rmse:G4}; ")
        + string.Concat(Quantiles.Select(quantile => $"{quantile}; ")) + (Interval is null ? "" : $"{Interval}; ")
        + Invariant($"{Pairs} forecast {(Pairs == 1 ? "value" : "values")} from {Origins} {(Origins == 1 ? "row" : "rows")}{(Skipped == 0 ? "" : $", {Skipped} excluded as not finite")}");

    private string Percentages() => Pairs > 0 && ZeroActuals == Pairs
        ? Invariant($"MAPE cannot tell, because every actual value is 0, sMAPE {Model.Smape:P2}")
        : Invariant($"MAPE {Model.Mape:P2}{(ZeroActuals == 0 ? "" : $" without {ZeroActuals} actual {(ZeroActuals == 1 ? "value" : "values")} of 0")}, sMAPE {Model.Smape:P2}");
}
