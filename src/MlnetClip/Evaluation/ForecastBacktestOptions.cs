using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>How a backtest moves through time: the folds, the rows that each fit gets, and how often there is a new fit.</summary>
public sealed class ForecastBacktestOptions
{
    /// <summary>The number of folds, each of which is forecast by a model that was trained on rows before it; 1 or more. Default: 5.</summary>
    public int NumberOfFolds { get; set; } = 5;

    /// <summary>The rows of a fold in each series, 1 or more; the last fold ends with the data. Required.</summary>
    public int FoldRows { get; set; }

    /// <summary>
    /// The rows of each series that a fit gets, the last ones before its fold (a sliding window), 1 or more. Default: null for all rows before its fold (an expanding window).
    /// </summary>
    public int? TrainingRows { get; set; }

    /// <summary>
    /// The number of folds that a fit serves: 1 for a new fit at every fold, 0 for one fit, on the rows before the first fold, that serves all of them. Default: 1.
    /// </summary>
    public int RefitEvery { get; set; } = 1;

    /// <summary>The season in rows, for the seasonal baselines and MASE; 1 or more. Default: 1.</summary>
    public int Season { get; set; } = 1;

    /// <summary>
    /// The series that a row belongs to, a column of the data; required if the forecaster has a group column. Default: null for that of the <see cref="LstmForecastingTrainer"/>, where it is not part of a
    /// chain, and otherwise for a single series.
    /// </summary>
    public string? GroupColumnName { get; set; }

    /// <summary>
    /// The time of a row, a column of the data of type DateTime or DateTimeOffset. With it, all series are cut at the same time: that of the cut of the longest series. Default: null for that of the
    /// <see cref="LstmForecastingTrainer"/>, where it is not part of a chain, and otherwise to count the rows of each series from its end.
    /// </summary>
    public string? TimeColumnName { get; set; }

    /// <summary>The columns to evaluate, for forecasters other than <see cref="LstmForecastingTransformer"/>; its first row, first time and season are not used. Default: null for the columns of every target of the forecaster.</summary>
    public ForecastEvaluationOptions? Evaluation { get; set; }

    /// <summary>Is notified of each fold that has been evaluated. Default: null for none.</summary>
    public IProgress<ForecastBacktestFold>? Progress { get; set; }

    /// <summary>Stops the backtest, also during a fit, with an <see cref="OperationCanceledException"/>. Default: none.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Checks all options and reports every error together.</summary>
    internal void Validate()
    {
        var errors = new OptionErrors(nameof(ForecastBacktestOptions));
        errors.Check(new OptionRange(nameof(NumberOfFolds), 1), NumberOfFolds);
        errors.Check(new OptionRange(nameof(FoldRows), 1), FoldRows);
        if (TrainingRows is { } rows) errors.Check(new OptionRange(nameof(TrainingRows), 1), rows);
        errors.Check(new OptionRange(nameof(RefitEvery), 0), RefitEvery);
        errors.Check(new OptionRange(nameof(Season), 1), Season);
        errors.ThrowIfAny();
    }
}
