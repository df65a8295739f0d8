using System.Globalization;
using CustomRule;
using Microsoft.ML;
using MlnetClip;

// Once a process: from here on the text form works wherever clipping is read, and chains with the other rules.
GradientClipping.RegisterRule("soft", "soft:KNEE", text => new SoftNorm(double.Parse(text, CultureInfo.InvariantCulture)));

var mlContext = new MLContext(seed: 1);
var wave = Enumerable.Range(0, 400).Select(i => new Reading { Value = (float)(Math.Sin(i * Math.PI / 6) + (0.01 * i)) });
var model = mlContext.Forecasting.ForecastByLstm(
    "Forecast", "Value", windowSize: 24, horizon: 6, clipping: GradientClipping.Parse("value:5+soft:0.5"), numberOfEpochs: 10)
    .Fit(mlContext.Data.LoadFromEnumerable(wave));

foreach (ClippingVerdict verdict in model.Training.ClippingSummary.Verdicts) Console.WriteLine(verdict);
