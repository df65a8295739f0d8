using Microsoft.ML;

namespace MlnetClip.Search.TestWorker;

/// <summary>A study of a small forecaster, by default 14 trials of 4 epochs, for tests in one process or several.</summary>
public static class FrontStudy
{
    /// <summary>A wave with a ripple.</summary>
    public static IDataView Series(MLContext mlContext, int from = 0, int rows = 120) => mlContext.Data.LoadFromEnumerable(
        Enumerable.Range(from, rows).Select(i => new Row { Value = (float)(100 + Math.Sin(i * Math.PI / 6) + (0.3 * Math.Sin(i * 1.7))) }).ToArray());

    /// <summary>The study.</summary>
    public static ClippingStudy Create(MLContext mlContext, Func<ClippingStudyOptions, ClippingStudyOptions>? change = null)
    {
        var options = new ClippingStudyOptions
        {
            Pipeline = clipping => mlContext.Forecasting.ForecastByLstm(Forecaster(clipping)),
            Budget = new StudyBudget { MaxModelToExplore = 14 },
            Seeds = 3,
            Lease = TimeSpan.FromSeconds(1.5),
        };
        return mlContext.CreateClippingStudy(change is null ? options : change(options));
    }

    /// <summary>Options of the forecaster.</summary>
    public static LstmForecastingTrainer.Options Forecaster(GradientClipping clipping, Action<LstmForecastingTrainer.Options>? change = null)
    {
        var options = new LstmForecastingTrainer.Options
        {
            InputColumnName = nameof(Row.Value), OutputColumnName = "Forecast", WindowSize = 8, Horizon = 2, HiddenSize = 4, BatchSize = 16,
            NumberOfEpochs = 4, LearningRate = 0.05f, ValidationFraction = 0.25, Clipping = clipping,
        };
        change?.Invoke(options);
        return options;
    }

    /// <summary>A row of the series.</summary>
    public sealed class Row
    {
        /// <summary>The value.</summary>
        public float Value { get; set; }
    }
}
