// LoadAndForecast [MODEL [CSV [ROWS]]]: prints the forecasts of a saved model at the last rows of a CSV file, one line for each row.
using System.Globalization;
using LoadAndForecast;
using Microsoft.ML;
using Microsoft.ML.Data;

string modelFile = args.Length > 0 ? args[0] : "co2.zip";
string csv = args.Length > 1 ? args[1] : Path.Combine(AppContext.BaseDirectory, "co2.csv");
int rows = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1;

var mlContext = new MLContext();
ITransformer model = mlContext.Model.Load(modelFile, out _);
var data = mlContext.Data.LoadFromTextFile<Reading>(csv, new TextLoader.Options
{
    Separators = [','], HasHeader = true, MissingRealsAsNaNs = true,
});
foreach (Prediction prediction in mlContext.Data.CreateEnumerable<Prediction>(model.Transform(data), reuseRowObject: false).TakeLast(rows))
    Console.WriteLine(string.Join(' ', prediction.Forecast.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
