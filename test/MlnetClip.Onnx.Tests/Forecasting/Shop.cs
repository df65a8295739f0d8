using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Onnx.Tests.Forecasting;

/// <summary>A row of several shops with covariates.</summary>
public sealed class Shop
{
    public DateTime Time { get; set; }

    public string Store { get; set; } = "";

    public float Sales { get; set; }

    public double Visits { get; set; }

    public float Weather { get; set; }

    public float Holiday { get; set; }

    public float Level { get; set; }

    [VectorType(2)]
    public float[] Size { get; set; } = [1, 0];

    public static Shop[] Of(string store, int rows, float level = 20, int seed = 1)
    {
        var random = new Random(seed);
        var result = new Shop[rows];
        for (int t = 0; t < rows; t++)
        {
            var row = new Shop
            {
                Time = new DateTime(2024, 1, 1).AddHours(5 * t), Store = store, Weather = (float)random.NextDouble(), Holiday = random.Next(5) == 0 ? 1 : 0, Size = [level, 1], Level = level,
            };
            row.Sales = level * (float)((1 + (0.2 * Math.Sin(2 * Math.PI * t / 7)) + (0.5 * (t == 0 ? 0.5 : result[t - 1].Weather))) * (1 + row.Holiday));
            row.Visits = t == 0 ? 10 : result[t - 1].Sales + 10 + random.NextDouble();
            result[t] = row;
        }

        return result;
    }

    /// <summary>The rows of two shops.</summary>
    public static Shop[] Two(int rows) => [.. Of("A", rows).Zip(Of("B", rows, 300, 2)).SelectMany(pair => new[] { pair.First, pair.Second })];

    public static LstmForecastingTransformer Fit(MLContext context, Shop[] rows, Action<LstmForecastingTrainer.Options>? change = null)
    {
        var options = new LstmForecastingTrainer.Options
        {
            OutputColumnName = "Forecast", InputColumnName = nameof(Sales), WindowSize = 9, Horizon = 4, HiddenSize = 6, NumberOfEpochs = 2, LearningRate = 0.02f, BatchSize = 16, NumberOfThreads = 1,
        };
        change?.Invoke(options);
        return context.Forecasting.ForecastByLstm(options).Fit(context.Data.LoadFromEnumerable(rows));
    }
}
