using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Accuracy;

/// <summary>
/// The library's forecaster with its default options, given the season and the times as the other methods are; rows are transformed one after another,
/// as users do.
/// </summary>
/// <param name="settings">Options that differ from the defaults, by name, in text form.</param>
internal sealed class LstmForecaster(IReadOnlyDictionary<string, string> settings)
{
    /// <summary>The report of the last fit.</summary>
    public LstmTrainingReport? Report { get; private set; }

    /// <summary>Forecasts of several series by one model, or of one; they have the same rows, season, window and horizon.</summary>
    /// <returns>For each series, what <see cref="IForecaster.Forecast"/> returns.</returns>
    public double[][,] Forecast(IReadOnlyList<AccuracySeries> together, int seed)
    {
        var mlContext = new MLContext(seed);
        AccuracySeries first = together[0];
        var options = new LstmForecastingTrainer.Options
        {
            InputColumnName = nameof(Row.Value), OutputColumnName = "Forecast", WindowSize = first.Window, Horizon = first.Horizon,
            SeasonLength = first.Season > 1 ? first.Season : null, TimeColumnName = first.Times.Length > 0 ? nameof(Row.Time) : null,
            GroupColumnName = together.Count > 1 ? nameof(Row.Series) : null,
            FutureCovariateColumnNames = first.Future.Length > 0 ? [nameof(Row.Future)] : [],
        };
        foreach (var (name, text) in settings)
        {
            TrainerOption<LstmForecastingTrainer.Options> option = LstmForecastingTrainer.Options.Table.FirstOrDefault(option => option.Name == name)
                ?? throw new ArgumentException($"The forecaster has no option '{name}'. It has {string.Join(", ", LstmForecastingTrainer.Options.Table.Select(one => one.Name))}.");
            option.Read(options, text);
        }

        LstmForecastingTransformer model = mlContext.Forecasting.ForecastByLstm(options).Fit(View(mlContext, together, first.Cut));
        Report = model.Training;
        IDataView scored = model.Transform(View(mlContext, together, first.Values.Length));
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Forecast"]]);
        ValueGetter<VBuffer<double>> getter = cursor.GetGetter<VBuffer<double>>(scored.Schema["Forecast"]);
        VBuffer<double> forecast = default;
        return [.. together.Select(series =>
        {
            for (int row = 0; row < series.Cut; row++) cursor.MoveNext();
            return Origins.Fill(series, (_, to) =>
            {
                cursor.MoveNext();
                getter(ref forecast);
                forecast.CopyTo(to);
            });
        })];
    }

    private static IDataView View(MLContext mlContext, IEnumerable<AccuracySeries> together, int count) => mlContext.Data.LoadFromEnumerable(
        together.SelectMany(series => Enumerable.Range(0, count).Select(i => new Row { Series = series.Name, Time = series.Times.ElementAtOrDefault(i), Value = series.Values[i], Future = series.Future.ElementAtOrDefault(i) })).ToArray());

    private sealed class Row
    {
        public string Series { get; set; } = "";

        public DateTime Time { get; set; }

        public double Value { get; set; }

        public double Future { get; set; }
    }
}
