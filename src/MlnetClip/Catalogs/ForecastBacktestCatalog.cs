using MlnetClip;
using MlnetClip.Evaluation;
using MlnetClip.MLNetInternals;

namespace Microsoft.ML;

/// <summary>Backtests of forecasters, on <see cref="MLContext.Forecasting"/>.</summary>
public static class ForecastBacktestCatalog
{
    /// <summary>Backtests a pipeline with a forecaster: it is trained on the rows before each fold and forecasts the fold.</summary>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="data">The rows of each series in time order.</param>
    /// <param name="estimator">The forecaster, or a pipeline that contains it. It must keep all rows in their order.</param>
    /// <param name="numberOfFolds">The number of folds, 1 or more.</param>
    /// <param name="foldRows">The rows of a fold in each series, 1 or more; the last fold ends with the data.</param>
    /// <param name="season">The season in rows, for the seasonal baselines and MASE; 1 or more.</param>
    /// <exception cref="ArgumentException">A number is outside its range.</exception>
    /// <exception cref="InvalidDataException">There are too few rows, or no forecast could be evaluated; the message says why.</exception>
    public static ForecastBacktestResult Backtest(
        this ForecastingCatalog catalog, IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds, int foldRows, int season = 1) =>
        catalog.Backtest(data, estimator, new ForecastBacktestOptions { NumberOfFolds = numberOfFolds, FoldRows = foldRows, Season = season });

    /// <summary>Backtests a pipeline with a forecaster, with all options.</summary>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="data">The rows of each series in time order. Rows to forecast at the end, without a value of the targets, count as rows of the last fold.</param>
    /// <param name="estimator">The forecaster, or a pipeline that contains it. It must keep all rows in their order.</param>
    /// <param name="options">The folds, the training rows and the refits.</param>
    /// <returns>The scores of each fold, and those of all folds together, by step and by series.</returns>
    /// <remarks>
    /// At every row from the last one before a fold to the last but one of the fold, the next rows up to the horizon are forecast, and evaluated by the protocol of <see cref="ForecastEvaluation"/>. A model is trained
    /// on rows before its fold only, the other steps of the pipeline included. Steps of the horizon beyond the fold are evaluated too.
    /// </remarks>
    /// <exception cref="ArgumentException">An option is outside its range; all errors are reported together.</exception>
    /// <exception cref="InvalidDataException">There are too few rows, or no forecast could be evaluated; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The token of the options was cancelled.</exception>
    public static ForecastBacktestResult Backtest(this ForecastingCatalog catalog, IDataView data, IEstimator<ITransformer> estimator, ForecastBacktestOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        MicrosoftMLVersion.Check();
        return new Backtest(data, estimator, options).Run();
    }
}
