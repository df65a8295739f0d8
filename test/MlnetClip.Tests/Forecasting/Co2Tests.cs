using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Tests.Forecasting;

/// <summary>The main job on real data: the forecaster against the naive forecasts on years it never saw.</summary>
[TestClass]
public sealed class Co2Tests
{
    [TestMethod]
    public void ItBeatsTheNaiveForecastsOnTheHeldOutYears()
    {
        var mlContext = new MLContext(seed: 1);
        var data = Co2.Load(mlContext);
        double[] series = [.. data.GetColumn<float>("Co2").Select(value => (double)value)];
        var pipeline = mlContext.Forecasting.ForecastByLstm(
            outputColumnName: "Forecast", inputColumnName: "Co2", windowSize: 104, horizon: 26,
            clipping: GradientClipping.ByGlobalNorm(1.0f));
        var model = pipeline.Fit(mlContext.Data.TakeRows(data, ForecastProtocol.Cut(series.Length, holdout: 0.2)));

        float[] forecasts = [.. Forecasts.Read(model.Transform(data)).Skip(model.Training.Rows).SelectMany(row => row)];
        var scores = ForecastEvaluation.Evaluate(series, forecasts, new ForecastProtocol(model.Training.Rows, Horizon: 26, Season: 52));
        Assert.IsLessThanOrEqualTo(0.70, scores.Model.Rmse, $"{scores}");
        Assert.IsGreaterThan(0.8, scores.SeasonalNaiveDrift.Rmse, $"{scores}");
        Assert.IsLessThan(scores.SeasonalNaive.Rmse, scores.Model.Rmse);
        Assert.IsLessThan(scores.LastValue.Rmse, scores.Model.Rmse);
    }
}
