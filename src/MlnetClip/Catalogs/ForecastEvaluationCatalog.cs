using MlnetClip;
using MlnetClip.Evaluation;

namespace Microsoft.ML;

/// <summary>Evaluation of forecasts, on <see cref="MLContext.Forecasting"/>.</summary>
public static class ForecastEvaluationCatalog
{
    /// <summary>Evaluates a column of forecasts of a single series and compares it with three naive forecasts; see <see cref="ForecastEvaluation"/> for the protocol.</summary>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="data">The rows of the series in time order, with the forecasts that a transformer appended.</param>
    /// <param name="labelColumnName">The series, a column of type Single or Double; NaN where a value is missing.</param>
    /// <param name="scoreColumnName">The forecasts: at each row a vector of known size of type Single or Double, the values of the next rows.</param>
    /// <param name="firstRow">
    /// The first row, counted from 0, whose forecast is evaluated: the first row that was not used for training. Forecasts of the rows before
    /// it are not computed. 0 or more.
    /// </param>
    /// <param name="season">The season in rows, for the seasonal baselines and MASE, for example 52 for weekly rows with a yearly pattern; 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type, or a number is outside its range.</exception>
    /// <exception cref="InvalidDataException">No forecast could be evaluated, or a value is infinite; the message says why.</exception>
    public static ForecastScores Evaluate(
        this ForecastingCatalog catalog, IDataView data, string labelColumnName, string scoreColumnName, int firstRow, int season = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(scoreColumnName);
        new ForecastProtocol(firstRow, 1, season).Validate();
        return catalog.Evaluate(data, new ForecastEvaluationOptions { LabelColumnName = labelColumnName, ScoreColumnName = scoreColumnName, FirstRow = firstRow, Season = season });
    }

    /// <summary>Evaluates forecasts of one or several series, with their quantiles and bounds; see <see cref="ForecastEvaluation"/> for the protocol, which is applied to each series.</summary>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="data">
    /// The rows of each series in time order, with the forecasts that a transformer appended. They are read twice: first the actual values, then the forecasts from the first evaluated row on.
    /// </param>
    /// <param name="options">The columns, the first row and the season. <see cref="ForecastEvaluationOptions.Of"/> gives the columns of a trained forecaster.</param>
    /// <returns>The scores of all series and steps together, and those of each step and each series.</returns>
    /// <exception cref="ArgumentException">An option is outside its range; all errors are reported together.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type.</exception>
    /// <exception cref="InvalidDataException">No forecast could be evaluated, or a value is infinite; the message says why.</exception>
    public static ForecastScores Evaluate(this ForecastingCatalog catalog, IDataView data, ForecastEvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var scored = new ScoredData(data, [options]);
        int[] ends = [.. Enumerable.Range(0, scored.Rows.SeriesCount).Select(scored.Rows.RowsOf)];
        SeriesTally[] tallies = scored.Evaluate(scored.FirstOrigins(options.FirstRow, options.FirstTime), ends)[0];
        ForecastScores? scores = tallies.Length == 0 ? null : SeriesTally.Scores(tallies, bySeries: options.GroupColumnName is not null);
        return scores?.Pairs > 0 ? scores : throw new InvalidDataException(ForecastEvaluator.NothingEvaluated($"from row {options.FirstRow} on", scores?.Skipped ?? 0, options.Season));
    }
}
