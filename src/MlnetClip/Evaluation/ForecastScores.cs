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
    /// observed; NaN where there is no such row.
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

    /// <summary>The model's errors, how the naive forecasts compare, and what was evaluated, in a line.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Model}; RMSE of naive forecasts: last value {LastValue.Rmse:G4}, seasonal {SeasonalNaive.Rmse:G4}, seasonal with drift {SeasonalNaiveDrift.Rmse:G4}; ")
        + FormattableString.Invariant($"{Pairs} forecast {(Pairs == 1 ? "value" : "values")} from {Origins} {(Origins == 1 ? "row" : "rows")}{(Skipped == 0 ? "" : $", {Skipped} excluded as not finite")}");
}
