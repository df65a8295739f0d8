using static System.FormattableString;

namespace MlnetClip;

/// <summary>The result of a backtest: how well models forecast rows that come after their training rows, fold by fold and together.</summary>
public sealed record ForecastBacktestResult
{
    /// <summary>The folds, in the order of time.</summary>
    public required IReadOnlyList<ForecastBacktestFold> Folds { get; init; }

    /// <summary>The scores of the first target over all folds, with those of each step and series.</summary>
    public required ForecastScores Scores { get; init; }

    /// <summary>The scores of each target over all folds.</summary>
    public required IReadOnlyDictionary<string, ForecastScores> ByTarget { get; init; }

    /// <summary>The number of fits.</summary>
    public int Fits => Folds.Count(fold => fold.IsRefit);

    /// <summary>The scores over all folds, and how they differ from fold to fold, in a line.</summary>
    public override string ToString() =>
        Invariant($"{Folds.Count} {(Folds.Count == 1 ? "fold" : "folds")}, {Fits} {(Fits == 1 ? "fit" : "fits")}: {Scores}; RMSE by fold {string.Join(", ", Folds.Select(fold => Invariant($"{fold.Scores.Model.Rmse:G4}")))}");
}
