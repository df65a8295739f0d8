using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip;
using Quickstart;

string csv = Path.Combine(AppContext.BaseDirectory, "co2.csv");

var mlContext = new MLContext(seed: 1);
mlContext.Log += (_, message) =>
{
    if (message.Kind >= ChannelMessageKind.Info) Console.Error.WriteLine(message.RawMessage);
};
var data = mlContext.Data.LoadFromTextFile<Reading>(csv, new TextLoader.Options
{
    Separators = [','], HasHeader = true, MissingRealsAsNaNs = true, // an empty float is 0 otherwise
});

var pipeline = mlContext.Forecasting.ForecastByLstm(
    outputColumnName: "Forecast", inputColumnName: "Co2", windowSize: 104, horizon: 26,
    clipping: GradientClipping.ByGlobalNorm(1.0f));
var model = pipeline.Fit(data);
mlContext.Model.Save(model, data.Schema, "co2.zip");

var last = mlContext.Data.CreateEnumerable<Prediction>(model.Transform(data), reuseRowObject: false).Last();
Console.WriteLine($"The half year after {last.Date}, in ppm: {string.Join(" ", last.Forecast.Select(value => value.ToString("F1")))}");
Console.WriteLine($"Clipped {100 * model.Training.ClippingSummary.ShareClipped:F0}% of {model.Training.Steps} steps. The model is in co2.zip: samples/LoadAndForecast reads it.");
