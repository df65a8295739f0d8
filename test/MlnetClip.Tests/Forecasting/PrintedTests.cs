using System.Text.RegularExpressions;
using Microsoft.ML;

namespace MlnetClip.Tests.Forecasting;

/// <summary>Results and reports print themselves as a person reads them.</summary>
[TestClass]
public sealed class PrintedTests
{
    [TestMethod]
    public void ScoresAndMetrics()
    {
        double[] series = [1, 2, 4, 8, double.NaN, 32];
        ForecastScores scores = ForecastEvaluation.Evaluate(series, [30, 31, 40, 41, double.NaN, 51.0], new ForecastProtocol(3, 2, 2));
        Assert.AreEqual("MAE 4.5, RMSE 5.701, MASE 1.5", scores.Model.ToString());
        Assert.AreEqual(
            "MAE 4.5, RMSE 5.701, MASE 1.5, MAPE 14.06 %, sMAPE 12.70 %; RMSE of naive forecasts: last value 24, seasonal 24, seasonal with drift 19.03; 2 forecast values from 2 rows",
            scores.ToString());
        Assert.Contains("; 1 forecast value from 1 row, 1 excluded as not finite",
            ForecastEvaluation.Evaluate(series, [30, 31, double.NaN, 41, 50, 51], new ForecastProtocol(3, 2, 2)).ToString());
    }

    [TestMethod]
    public void AFit()
    {
        var steps = new List<string>();
        var epochs = new List<string>();
        LstmForecastingTransformer model = Forecasts.Fit(new MLContext(seed: 1), options =>
        {
            options.Clipping = GradientClipping.ByGlobalNorm(0.1f);
            options.Observer = new StepObserver(step => steps.Add(step.ToString()));
            options.MetricsCallback = epoch => epochs.Add(epoch.ToString());
        });
        Matches(@"^step 0 \(epoch 1, batch 0\): loss 0\.\d+, learning rate 0\.002, gradient norm 0\.\d+ clipped to 0\.1$", steps[0]);
        Matches(@"^epoch 1: training loss 0\.\d+, validation loss 0\.\d+ \(best so far\), gradient norm 0\.\d+ \(median\), 0\.\d+ \(largest\), \d+% of steps clipped, learning rate 0\.002 with threshold 0\.1$", epochs[0]);
        Matches(@"^3 epochs of 78 sequences; epoch \d is kept: training loss 0\.\d+ at the end, validation loss 0\.\d+; clipping norm:0\.1: \d+% of 15 steps clipped, gradient norm .*; seed 1$", model.Training.ToString());
        Matches(@"^forecasts 3 rows from 12: 1 LSTM layer of 6 units, 237 weights, scaling RelativeToLast \(\d\.\d+\)$", model.Model.ToString());
    }

    private static void Matches(string pattern, string text) => Assert.IsTrue(Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant), text);
}
