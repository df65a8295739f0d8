// Demo [CSV [FOLDER]]: a study finds the clipping threshold of an LSTM forecaster of weekly CO2. The demo trains it with that setting and
// with others, compares all with naive forecasts on years that training never saw, saves the model with the lowest validation loss,
// and forecasts from a second process. The network forecasts alone, so that the effect of clipping is seen; a last fit has the linear part that is the default.
using System.Diagnostics;
using System.Runtime.InteropServices;
using Demo;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip;
using Spectre.Console;

var watch = Stopwatch.StartNew();
Screen.SetUp();
string csv = args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "co2.csv");
string folder = Directory.CreateDirectory(args.Length > 1 ? args[1] : Path.Combine("artifacts", "demo")).FullName;

// 1. Weekly CO2 at Mauna Loa, with its gaps; the last fifth is for evaluation only.
var mlContext = new MLContext(seed: 1);
IDataView data = mlContext.Data.LoadFromTextFile<Reading>(csv, new TextLoader.Options
{
    Separators = [','], HasHeader = true, MissingRealsAsNaNs = true, // an empty float is 0 otherwise
});
Reading[] weeks = [.. mlContext.Data.CreateEnumerable<Reading>(data, reuseRowObject: false)];
int cut = ForecastProtocol.Cut(weeks.Length, holdout: 0.2);
AnsiConsole.WriteLine($"{weeks.Length:N0} weeks of CO2, {weeks.Count(week => float.IsNaN(week.Co2))} of them missing; training sees those before {weeks[cut].Date}.");

// 2. A study finds the threshold, on the weeks that training sees.
ClippingStudyResult found = Search.Run(mlContext, data, cut);

// 3. The same network and seed with the setting that was found and with others; then with a linear part.
const double Threshold = 1;
GradientClipping byNorm = GradientClipping.ByGlobalNorm(Threshold), byValue = GradientClipping.ByValue(0.1), none = GradientClipping.None;
GradientClipping[] clippings = [.. new[] { found.ModelSettings!.Clipping, byNorm, byValue, none }.Distinct()];
Fit[] fits = TrainingTable.Show(table => clippings.Select(clipping => Fit.Run(mlContext, data, cut, clipping, table)).ToArray());
Fit chosen = fits.MinBy(fit => fit.Model.Training.ValidationLoss)!;
Fit withLinearPart = Fit.Run(mlContext, data, cut, chosen.Clipping, table: null, LinearPartUse.Automatic);
Report.Write(fits, chosen, withLinearPart);
AnsiConsole.MarkupLine($"Validation, the last weeks of the training part, prefers [bold green]{Markup.Escape(chosen.Clipping.ToString())}[/].");

// 4. Saved like any ML.NET model, and loaded by a process that has a new MLContext() and the assembly in its folder.
string file = Path.Combine(folder, "co2.zip");
mlContext.Model.Save(chosen.Model, data.Schema, file);
int rows = weeks.Length - cut;
float[][] here = [.. mlContext.Data.CreateEnumerable<Prediction>(chosen.Model.Transform(data), reuseRowObject: false).TakeLast(rows).Select(p => p.Forecast)];
float[][] there = SecondProcess.Forecast(file, csv, rows);
bool identical = here.Length == there.Length && here.Zip(there).All(pair => MemoryMarshal.AsBytes<float>(pair.First).SequenceEqual(MemoryMarshal.AsBytes<float>(pair.Second)));
AnsiConsole.WriteLine($"Saved {file}. A second process loaded it and made {there.Length} forecasts of {Fit.Horizon} weeks: {(identical ? "bit-identical" : "NOT the same")}.");

// 5. Three pictures.
Pictures.Draw(folder, weeks, cut, here, fits.Single(fit => fit.Clipping.Equals(byNorm)), Threshold, fits.Single(fit => fit.Clipping.Equals(none)));
found.SaveCurve(Path.Combine(folder, "curve.svg"));
AnsiConsole.WriteLine($"Pictures: {Path.Combine(folder, "forecast.svg")}, {Path.Combine(folder, "gradients.svg")}, {Path.Combine(folder, "curve.svg")}.");

double best = new[] { chosen.Scores.LastValue, chosen.Scores.SeasonalNaive, chosen.Scores.SeasonalNaiveDrift }.Min(naive => naive.Rmse);
bool better = chosen.Scores.Model.Rmse < best;
AnsiConsole.WriteLine($"The LSTM's RMSE is {chosen.Scores.Model.Rmse / best:0%} of the best naive forecast's{(better ? "" : ": it should be smaller")}; with the linear part, the default, it is {withLinearPart.Scores.Model.Rmse / best:0%}. Done in {watch.Elapsed.TotalSeconds:F1} s.");
return identical && better ? 0 : 1;
