using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip;
using MultivariateForecast;
using static System.FormattableString;

var mlContext = new MLContext(seed: 1);
mlContext.Log += (_, message) =>
{
    if (message.Kind >= ChannelMessageKind.Info && message.Source.Contains("Lstm", StringComparison.Ordinal)) Console.Error.WriteLine(message.RawMessage);
};
IDataView data = mlContext.Data.LoadFromTextFile<Day>(Path.Combine(AppContext.BaseDirectory, "temperatures.csv"), new TextLoader.Options
{
    Separators = [','], HasHeader = true, MissingRealsAsNaNs = true,
});
var split = mlContext.Data.SplitByTime(data, testFraction: 0.2);

var pipeline = mlContext.Forecasting.ForecastByLstm(new LstmForecastingTrainer.Options
{
    OutputColumnName = "Forecast", WindowSize = 21, Horizon = 7,
    TargetColumnNames = [nameof(Day.NewYorkMax), nameof(Day.NewYorkMin)], // forecast together
    PastCovariateColumnNames = [nameof(Day.SeattleMax), nameof(Day.SeattleMin)], // known up to the present
    TimeColumnName = nameof(Day.Date), // the network reads the day of the year from it
    Quantiles = [0.1f, 0.5f, 0.9f], ConfidenceLowerBoundColumn = "Lower", ConfidenceUpperBoundColumn = "Upper", ConfidenceLevel = 0.8f,
    Scaling = SeriesScaling.Standardize, ValidationFraction = 0.25f, // a year of validation rows, so that the margin of the bounds knows each season
});
var model = pipeline.Fit(split.TrainSet);
IDataView scored = model.Transform(data);

foreach (string target in model.TargetColumnNames)
{
    ForecastEvaluationOptions options = ForecastEvaluationOptions.Of(model, target);
    (options.FirstRow, options.Season) = (model.Training.Rows, 365);
    ForecastScores scores = mlContext.Forecasting.Evaluate(scored, options);
    Console.WriteLine(Invariant($"{target}: RMSE {scores.Model.Rmse:F2} degrees, {100 * scores.Model.Rmse / scores.LastValue.Rmse:F0}% of that of the last value; tomorrow {scores.ByStep[0].Model.Rmse:F2}, in a week {scores.ByStep[^1].Model.Rmse:F2}"));
    Console.WriteLine(Invariant($"{target}: {100 * scores.Interval!.Coverage:F0}% of the values between the bounds, which are {scores.Interval.MeanWidth:F1} degrees apart; {100 * scores.Quantiles[0].ShareBelow:F0}% at or below the quantile 0.1, {100 * scores.Quantiles[2].ShareBelow:F0}% at or below the quantile 0.9"));
}

Week last = mlContext.Data.CreateEnumerable<Week>(scored, reuseRowObject: false).Last();
Console.WriteLine(Invariant($"The highs of the week after {last.Date:yyyy-MM-dd}: {string.Join(", ", last.Highs.Select((high, day) => Invariant($"{high:F0} ({last.LowQuantiles[day]:F0} to {last.HighQuantiles[day]:F0})")))}"));
