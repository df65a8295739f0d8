using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Accuracy;

/// <summary>
/// The library's forecaster with its default options, given the season and the times as the other methods are; rows are transformed one after another,
/// as users do.
/// </summary>
/// <param name="settings">Options that differ from the defaults, by name, in text form.</param>
internal sealed class LstmForecaster(IReadOnlyDictionary<string, string> settings) : IForecaster
{
    public string Name => "this forecaster";

    /// <summary>The report of the last fit.</summary>
    public LstmTrainingReport? Report { get; private set; }

    public double[,] Forecast(AccuracySeries series, int seed)
    {
        var mlContext = new MLContext(seed);
        var options = new LstmForecastingTrainer.Options
        {
            InputColumnName = nameof(Row.Value), OutputColumnName = "Forecast", WindowSize = series.Window, Horizon = series.Horizon,
            SeasonLength = series.Season > 1 ? series.Season : null, TimeColumnName = series.Times.Length > 0 ? nameof(Row.Time) : null,
        };
        foreach (var (name, text) in settings)
        {
            TrainerOption<LstmForecastingTrainer.Options> option = LstmForecastingTrainer.Options.Table.FirstOrDefault(option => option.Name == name)
                ?? throw new ArgumentException($"The forecaster has no option '{name}'. It has {string.Join(", ", LstmForecastingTrainer.Options.Table.Select(one => one.Name))}.");
            option.Read(options, text);
        }

        LstmForecastingTransformer model = mlContext.Forecasting.ForecastByLstm(options).Fit(View(mlContext, series, series.Cut));
        Report = model.Training;
        IDataView scored = model.Transform(View(mlContext, series, series.Values.Length));
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Forecast"]]);
        ValueGetter<VBuffer<double>> getter = cursor.GetGetter<VBuffer<double>>(scored.Schema["Forecast"]);
        VBuffer<double> forecast = default;
        for (int row = 0; row < series.Cut; row++) cursor.MoveNext();
        return Origins.Fill(series, (_, to) =>
        {
            cursor.MoveNext();
            getter(ref forecast);
            forecast.CopyTo(to);
        });
    }

    private static IDataView View(MLContext mlContext, AccuracySeries series, int count)
    {
        var rows = new Row[count];
        for (int i = 0; i < rows.Length; i++) rows[i] = new Row { Time = series.Times.ElementAtOrDefault(i), Value = series.Values[i] };
        return mlContext.Data.LoadFromEnumerable(rows);
    }

    private sealed class Row
    {
        public DateTime Time { get; set; }

        public double Value { get; set; }
    }
}
