using static System.FormattableString;

namespace MlnetClip;

/// <summary>One fold of a backtest: which rows were forecast by which model, and how well.</summary>
public sealed record ForecastBacktestFold
{
    /// <summary>The fold, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The number of rows of the longest series before the fold.</summary>
    public required int RowsBefore { get; init; }

    /// <summary>Rows of all series that the model was given to train on; those of an earlier fit where this fold has none of its own.</summary>
    public required int TrainingRows { get; init; }

    /// <summary>Whether a model was trained for this fold.</summary>
    public required bool IsRefit { get; init; }

    /// <summary>The scores of the first target. Where no forecast could be evaluated, they are NaN and their <see cref="ForecastScores.Pairs"/> 0.</summary>
    public required ForecastScores Scores { get; init; }

    /// <summary>The scores of each target.</summary>
    public required IReadOnlyDictionary<string, ForecastScores> ByTarget { get; init; }

    /// <summary>The fold, its training rows and its scores, in a line.</summary>
    public override string ToString() => Invariant($"fold {Number}, after {RowsBefore} rows, {(IsRefit ? "trained" : "model of an earlier fold trained")} on {TrainingRows} rows: {Scores.Model}");
}
