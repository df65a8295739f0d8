// ServeOnnx [ONNX [CSV]]: forecasts from the last rows of a CSV file with the ONNX file that samples/ExportOnnx wrote, and from every window of the file in one batch.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using ServeOnnx;

string onnx = args.Length > 0 ? args[0] : "co2.onnx";
string csv = args.Length > 1 ? args[1] : Path.Combine(AppContext.BaseDirectory, "co2.csv");
using var session = new InferenceSession(onnx);

// The file says what it reads: the columns, and how many rows.
Dictionary<string, string> metadata = session.ModelMetadata.CustomMetadataMap;
string column = JsonSerializer.Deserialize<string[]>(metadata["mlnetclip.columns.targets"])![0];
int window = int.Parse(metadata["mlnetclip.window"], CultureInfo.InvariantCulture);
double[] series = Series.Read(csv);

double[] last = Forecast(series[^window..], windows: 1);
Console.WriteLine($"ONNX Runtime forecasts {string.Join(' ', last.Select(value => value.ToString("F2", CultureInfo.InvariantCulture)))}");

int count = series.Length - window;
double[] all = [.. Enumerable.Range(0, count).SelectMany(first => series[first..(first + window)])];
var watch = Stopwatch.StartNew();
double[] forecasts = Forecast(all, count);
double squares = Enumerable.Range(0, count).Sum(n => Math.Pow(forecasts[n * (forecasts.Length / count)] - series[n + window], 2));
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"{count} windows in one batch: {watch.ElapsedMilliseconds} ms; a week ahead, RMSE {Math.Sqrt(squares / count):F3} ppm"));

double[] Forecast(double[] values, int windows)
{
    using OrtValue input = OrtValue.CreateTensorValueFromMemory(values, [windows, window]);
    using var options = new RunOptions();
    using var outputs = session.Run(options, new Dictionary<string, OrtValue> { [column] = input }, ["Forecast"]);
    return outputs[0].GetTensorDataAsSpan<double>().ToArray();
}
