// ExportOnnx [ONNX]: trains a forecaster of CO2 and exports it as an ONNX file (co2.onnx); samples/ServeOnnx serves it without this library.
using System.Globalization;
using ExportOnnx;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip;

string onnx = args.Length > 0 ? args[0] : "co2.onnx";
var mlContext = new MLContext(seed: 1);
var data = mlContext.Data.LoadFromTextFile<Reading>(Path.Combine(AppContext.BaseDirectory, "co2.csv"), new TextLoader.Options
{
    Separators = [','], HasHeader = true, MissingRealsAsNaNs = true,
});
var model = mlContext.Forecasting.ForecastByLstm(new LstmForecastingTrainer.Options
{
    OutputColumnName = "Forecast", InputColumnName = "Co2", WindowSize = 104, Horizon = 26, SeasonLength = 52, Quantiles = [0.1f, 0.5f, 0.9f],
}).Fit(data);

OnnxModelInfo info = mlContext.Model.ExportToOnnx(model, data.Schema, onnx);
Console.WriteLine(info);
Prediction last = mlContext.Data.CreateEnumerable<Prediction>(model.Transform(data), reuseRowObject: false).Last();
Console.WriteLine($"ML.NET forecasts {string.Join(' ', last.Forecast.Select(value => value.ToString("F2", CultureInfo.InvariantCulture)))}");
