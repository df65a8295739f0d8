using System.Globalization;
using Microsoft.ML;
using MlnetClip.Optimizers;

namespace MlnetClip.Benchmarks.Search;

/// <summary>A series to forecast, one thread a fit; what is not named here is as the library has it.</summary>
internal sealed record ForecastTask(string Name, float[] Values, int Window, int Horizon, int Epochs, float LearningRate, Schedule Schedule)
{
    /// <summary>How it is trained, in words.</summary>
    public string Setup => string.Create(CultureInfo.InvariantCulture, $"Adam at {LearningRate} {Schedule}");

    /// <summary>The first rows of a column of a CSV file.</summary>
    public static ForecastTask Read(string path, string column, int rows, int window, int horizon, SearchOptions options)
    {
        string[] lines = File.ReadAllLines(path);
        int field = Array.IndexOf(lines[0].Split(','), column);
        if (field < 0) throw new ArgumentException($"{path} has no column '{column}', but {lines[0]}.");
        float[] values = [.. lines.Skip(1).Take(rows).Select(line => line.Split(',')[field] is { Length: > 0 } text ? float.Parse(text, CultureInfo.InvariantCulture) : float.NaN)];
        return new ForecastTask($"{Path.GetFileName(path)} {column}", values, window, horizon, options.Epochs, options.LearningRate, options.Schedule);
    }

    public IDataView View(MLContext mlContext) => mlContext.Data.LoadFromEnumerable(Values.Select(value => new Row { Value = value }).ToArray());

    public LstmForecastingTrainer Estimator(MLContext mlContext, GradientClipping clipping, int? epochs = null) => mlContext.Forecasting.ForecastByLstm(new LstmForecastingTrainer.Options
    {
        InputColumnName = nameof(Row.Value), OutputColumnName = "Forecast", WindowSize = Window, Horizon = Horizon, Clipping = clipping,
        NumberOfEpochs = epochs ?? Epochs, NumberOfThreads = 1, LinearPart = LinearPartUse.None, LearningRate = LearningRate, LearningRateSchedule = Schedule,
    });

    private sealed class Row
    {
        public float Value { get; set; }
    }
}
