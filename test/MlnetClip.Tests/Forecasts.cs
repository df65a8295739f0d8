using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Tests;

/// <summary>Series to learn from, estimators small enough to fit in an instant, and forecasts as arrays.</summary>
internal static class Forecasts
{
    /// <summary>A sine of period 12 on a slow trend, with a ripple that no seed decides.</summary>
    public static float[] Wave(int rows, double level = 100) =>
        [.. Enumerable.Range(0, rows).Select(i => (float)(level + (0.05 * i) + Math.Sin(i * Math.PI / 6) + (0.1 * Math.Sin(i * 1.7))))];

    public static IDataView View(MLContext context, IEnumerable<float> values) =>
        context.Data.LoadFromEnumerable(values.Select((value, i) => new Row { Number = i, Value = value }).ToArray());

    /// <summary>Options of a small model; <paramref name="change"/> alters them.</summary>
    public static LstmForecastingTrainer.Options Options(Action<LstmForecastingTrainer.Options>? change = null)
    {
        var options = new LstmForecastingTrainer.Options
        {
            OutputColumnName = "Forecast", InputColumnName = "Value", WindowSize = 12, Horizon = 3, HiddenSize = 6, NumberOfEpochs = 3,
            BatchSize = 16, NumberOfThreads = 1, Clipping = GradientClipping.ByGlobalNorm(1),
        };
        change?.Invoke(options);
        return options;
    }

    /// <summary>A small model fitted on a wave of 100 rows, or on <paramref name="values"/>.</summary>
    public static LstmForecastingTransformer Fit(
        MLContext context, Action<LstmForecastingTrainer.Options>? change = null, float[]? values = null) =>
        context.Forecasting.ForecastByLstm(Options(change)).Fit(View(context, values ?? Wave(100)));

    /// <summary>The forecast column, a row of the data each.</summary>
    public static float[][] Read(IDataView scored, string columnName = "Forecast")
    {
        var column = scored.Schema[columnName];
        using var cursor = scored.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        var rows = new List<float[]>();
        VBuffer<float> forecast = default;
        while (cursor.MoveNext())
        {
            getter(ref forecast);
            rows.Add([.. forecast.DenseValues()]);
        }

        return [.. rows];
    }

    /// <summary>All weights of a model, in the order of its parameters.</summary>
    public static float[] Weights(LstmForecastingTransformer model) =>
        [.. model.Model.ParameterNames.SelectMany(name => model.Model.GetWeights(name).ToArray())];
}
