using Microsoft.ML;
using MlnetClip;

namespace Demo;

/// <summary>One trained model and its errors.</summary>
/// <param name="Clipping">How its gradients were clipped.</param>
/// <param name="Model">The model.</param>
/// <param name="Scores">Its errors on the years that training did not see.</param>
/// <param name="Norms">The gradient norm before clipping at each step.</param>
internal sealed record Fit(GradientClipping Clipping, LstmForecastingTransformer Model, ForecastScores Scores, IReadOnlyList<double> Norms)
{
    public const int Window = 104;
    public const int Horizon = 26;
    public const int Season = 52;

    /// <summary>Trains on the rows before the cut and evaluates on the rows after it.</summary>
    public static Fit Run(MLContext mlContext, IDataView data, int cut, GradientClipping clipping, TrainingTable? table, LinearPartUse linearPart = LinearPartUse.None)
    {
        var norms = new List<double>();
        var model = Estimator(mlContext, clipping, options =>
        {
            options.Observer = new NormRecorder(norms);
            options.LinearPart = linearPart;
            options.MetricsCallback = epoch => table?.Report(clipping, epoch);
        }).Fit(mlContext.Data.TakeRows(data, cut));

        ForecastScores scores = mlContext.Forecasting.Evaluate(
            model.Transform(data), nameof(Reading.Co2), nameof(Prediction.Forecast), firstRow: cut, season: Season);
        return new Fit(clipping, model, scores, norms);
    }

    /// <summary>The network that all models of the demo share.</summary>
    public static LstmForecastingTrainer Estimator(MLContext mlContext, GradientClipping clipping, Action<LstmForecastingTrainer.Options>? more = null)
    {
        var options = new LstmForecastingTrainer.Options
        {
            InputColumnName = nameof(Reading.Co2),
            OutputColumnName = nameof(Prediction.Forecast),
            WindowSize = Window,
            Horizon = Horizon,
            Clipping = clipping,
            LearningRate = 0.005f,
            LinearPart = LinearPartUse.None,
        };
        more?.Invoke(options);
        return mlContext.Forecasting.ForecastByLstm(options);
    }
}
