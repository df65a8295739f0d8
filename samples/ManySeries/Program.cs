using Microsoft.ML;
using Microsoft.ML.Runtime;
using ManySeries;
using MlnetClip;
using static System.FormattableString;

var mlContext = new MLContext(seed: 1);
mlContext.Log += (_, message) =>
{
    if (message.Kind >= ChannelMessageKind.Info && message.Source.Contains("Lstm", StringComparison.Ordinal)) Console.Error.WriteLine(message.RawMessage);
};
IDataView rows = mlContext.Data.LoadFromEnumerable(Departures.Read(Path.Combine(AppContext.BaseDirectory, "flights.csv")).ToArray());

// One network for all airports, each of which has a scale of its own.
var pipeline = mlContext.Forecasting.ForecastByLstm(new LstmForecastingTrainer.Options
{
    OutputColumnName = "Forecast", InputColumnName = nameof(Departures.Flights), WindowSize = 24, Horizon = 24,
    GroupColumnName = nameof(Departures.Airport), TimeColumnName = nameof(Departures.Time), FutureCovariateColumnNames = [nameof(Departures.Holiday)],
    Scaling = SeriesScaling.Standardize, NonNegative = true, NumberOfEpochs = 20, LearningRate = 0.01f, LearningRateSchedule = Schedule.CosineToEnd(), BatchSize = 128,
});

// Trained once on the rows before the first fold; then four weeks are forecast, a week in each fold.
ForecastBacktestResult result = mlContext.Forecasting.Backtest(rows, pipeline, new ForecastBacktestOptions { NumberOfFolds = 4, FoldRows = 7 * 24, RefitEvery = 0, Season = 7 * 24 });
foreach (ForecastBacktestFold fold in result.Folds) Console.WriteLine(fold);
foreach (var (airport, scores) in result.Scores.BySeries)
    Console.WriteLine(Invariant($"{airport}: RMSE {scores.Model.Rmse:F2} flights an hour, of the same hour a week before {scores.SeasonalNaive.Rmse:F2}"));
ForecastScores all = result.Scores;
Console.WriteLine(Invariant($"All {all.BySeries.Count} airports: RMSE {all.Model.Rmse:F2} flights an hour, {100 * all.Model.Rmse / all.SeasonalNaive.Rmse:F0}% of that of the same hour a week before"));
