using Microsoft.ML;
using MlnetClip.Data;
using MlnetClip.Forecasting;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Evaluation;

/// <summary>Trains on the rows before each fold and evaluates the forecasts of the fold's rows.</summary>
/// <param name="data">The rows.</param>
/// <param name="estimator">The pipeline, with a forecaster.</param>
/// <param name="options">The folds.</param>
internal sealed class Backtest(IDataView data, IEstimator<ITransformer> estimator, ForecastBacktestOptions options)
{
    private readonly string? _group = options.GroupColumnName ?? options.Evaluation?.GroupColumnName ?? (estimator as LstmForecastingTrainer)?.Columns.Group;
    private readonly string? _time = options.TimeColumnName ?? options.Evaluation?.TimeColumnName ?? (estimator as LstmForecastingTrainer)?.Columns.Time;

    /// <summary>Runs it.</summary>
    public ForecastBacktestResult Run()
    {
        CancellationToken cancellation = options.CancellationToken;
        ScoredColumns.CheckSeries(data.Schema, _group, _time);
        var rows = new SeriesRows(data, new ForecastColumns([], [], [], [], _time, _group), cancellation);
        var folds = new BacktestFolds(rows, options);
        var results = new List<ForecastBacktestFold>();
        ForecastEvaluationOptions[] targets = [];
        List<SeriesTally>[] all = [];
        ScoredData? scored = null;
        int trainingRows = 0;
        for (int fold = 0; fold < options.NumberOfFolds; fold++)
        {
            cancellation.ThrowIfCancellationRequested();
            bool isRefit = options.RefitEvery == 0 ? fold == 0 : fold % options.RefitEvery == 0;
            if (isRefit)
            {
                bool[] selected = folds.TrainingRows(fold);
                ITransformer model = Fit(new DataTransform(new SelectedRows(data, selected)));
                trainingRows = selected.Count(row => row);
                targets = Targets(model);
                scored = new ScoredData(model.Transform(data), targets, cancellation);
                CheckRows(rows, scored.Rows);
            }

            if (all.Length == 0) all = [.. targets.Select(_ => new List<SeriesTally>())];
            SeriesTally[][] tallies = scored!.Evaluate(folds.FirstOrigins(fold), folds.EndOfOrigins(fold));
            for (int k = 0; k < all.Length; k++) all[k].AddRange(tallies[k]);
            Dictionary<string, ForecastScores> scores = Scores(targets, tallies);
            results.Add(new ForecastBacktestFold
            {
                Number = fold + 1, RowsBefore = folds.Cut(fold, folds.Longest), TrainingRows = trainingRows, IsRefit = isRefit,
                Scores = scores[targets[0].LabelColumnName], ByTarget = scores,
            });
            options.Progress?.Report(results[^1]);
        }

        Dictionary<string, ForecastScores> together = Scores(targets, all);
        ForecastScores first = together[targets[0].LabelColumnName];
        if (first.Pairs == 0) throw new InvalidDataException(ForecastEvaluator.NothingEvaluated($"of the {results.Count} {(results.Count == 1 ? "fold" : "folds")}", first.Skipped, options.Season));
        return new ForecastBacktestResult { Folds = results, Scores = first, ByTarget = together };
    }

    private ITransformer Fit(IDataView trainData)
    {
        FitScope scope = FitScope.Current ?? new FitScope();
        using IDisposable entered = (scope with { Observer = FitObservers.Of(new CancellingObserver(options.CancellationToken), scope.Observer) }).Enter();
        return estimator.Fit(trainData);
    }

    /// <summary>The columns to evaluate, one set for each target.</summary>
    private ForecastEvaluationOptions[] Targets(ITransformer model)
    {
        ForecastEvaluationOptions[] targets = options.Evaluation is { } given
            ? [given.Copy()]
            : FittedForecaster.In(model) is { } forecaster
                ? [.. forecaster.TargetColumnNames.Select(target => ForecastEvaluationOptions.Of(forecaster, target))]
                : throw new ArgumentException($"estimator must train a forecaster of MlnetClip, or {nameof(ForecastBacktestOptions)}.{nameof(options.Evaluation)} must name the columns to evaluate, but it trained {model.GetType().Name}.");
        foreach (ForecastEvaluationOptions target in targets)
        {
            if (target.GroupColumnName is { } group && _group is null)
                throw new ArgumentException($"{nameof(ForecastBacktestOptions)}.{nameof(options.GroupColumnName)} must name the column of the series, as the forecaster's '{group}', but was null.");
            (target.Season, target.FirstRow, target.FirstTime, target.TimeColumnName, target.GroupColumnName) = (options.Season, 0, null, null, _group);
            target.Validate();
        }

        return targets;
    }

    private Dictionary<string, ForecastScores> Scores(ForecastEvaluationOptions[] targets, IReadOnlyList<IReadOnlyList<SeriesTally>> tallies) =>
        targets.Select((target, k) => (target.LabelColumnName, Scores: SeriesTally.Scores(tallies[k], bySeries: _group is not null))).ToDictionary(pair => pair.LabelColumnName, pair => pair.Scores);

    private static void CheckRows(SeriesRows given, SeriesRows scored)
    {
        bool same = given.Count == scored.Count;
        for (int row = 0; same && row < given.Count; row++) same = given.NameOf(given.SeriesOf(row)) == scored.NameOf(scored.SeriesOf(row));
        if (!same)
            throw new InvalidDataException($"The pipeline must keep all rows in their order, but made {scored.Count} rows of {given.Count}{(given.Count == scored.Count ? " in another order" : "")}.{Environment.NewLine}Hint: filter the rows before the backtest.");
    }
}
