using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Tests.Forecasting;

/// <summary>Rows of several stores with covariates, and what a forecaster makes of them.</summary>
internal static class Stores
{
    /// <summary>A row; its names are those of the columns.</summary>
    public sealed class Row
    {
        public DateTime Time { get; set; }

        public string Store { get; set; } = "";

        public float Sales { get; set; }

        public double Visits { get; set; }

        public float Weather { get; set; }

        public bool Holiday { get; set; }

        [VectorType(2)]
        public float[] Size { get; set; } = [1, 0];
    }

    /// <summary>
    /// Sales that double on holidays, follow the weather of the day before and have a weekly pattern; visits are sales of the day before plus 10.
    /// </summary>
    public static Row[] Of(string store, int rows, float level = 20, int seed = 1)
    {
        var random = new Random(seed);
        var result = new Row[rows];
        for (int t = 0; t < rows; t++)
        {
            var row = new Row
            {
                Time = new DateTime(2024, 1, 1).AddDays(t), Store = store, Weather = (float)random.NextDouble(), Holiday = random.Next(5) == 0, Size = [level, 1],
            };
            double before = t == 0 ? 0.5 : result[t - 1].Weather;
            row.Sales = level * (float)((1 + (0.2 * Math.Sin(2 * Math.PI * t / 7)) + (0.5 * before)) * (row.Holiday ? 2 : 1));
            row.Visits = t == 0 ? 10 : result[t - 1].Sales + 10;
            result[t] = row;
        }

        return result;
    }

    /// <summary>Rows of several stores, one of each after the other.</summary>
    public static Row[] Interleaved(params Row[][] stores) => [.. Enumerable.Range(0, stores.Max(rows => rows.Length)).SelectMany(t => stores.Where(rows => t < rows.Length).Select(rows => rows[t]))];

    public static IDataView View(MLContext context, IEnumerable<Row> rows) => context.Data.LoadFromEnumerable(rows.ToArray());

    /// <summary>Options of a small model of sales.</summary>
    public static LstmForecastingTrainer.Options Options(Action<LstmForecastingTrainer.Options>? change = null) => Forecasts.Options(options =>
    {
        (options.InputColumnName, options.WindowSize, options.Horizon) = ("Sales", 8, 2);
        change?.Invoke(options);
    });

    public static LstmForecastingTransformer Fit(MLContext context, IEnumerable<Row> rows, Action<LstmForecastingTrainer.Options>? change = null) =>
        context.Forecasting.ForecastByLstm(Options(change)).Fit(View(context, rows));

    /// <summary>The values of a forecast column at each row.</summary>
    public static double[][] Read(IDataView scored, string columnName)
    {
        DataViewSchema.Column column = scored.Schema[columnName];
        return ((VectorDataViewType)column.Type).ItemType.Equals(NumberDataViewType.Double)
            ? [.. scored.GetColumn<VBuffer<double>>(column).Select(buffer => buffer.DenseValues().ToArray())]
            : [.. scored.GetColumn<VBuffer<float>>(column).Select(buffer => buffer.DenseValues().Select(value => (double)value).ToArray())];
    }

    /// <summary>Root mean square error of the first step from a row on, relative to that of repeating the last value.</summary>
    public static double Error(double[][] forecasts, double[] actual, int from)
    {
        double model = 0, naive = 0;
        for (int t = from; t < actual.Length - 1; t++)
        {
            model += Math.Pow(forecasts[t][0] - actual[t + 1], 2);
            naive += Math.Pow(actual[t] - actual[t + 1], 2);
        }

        return Math.Sqrt(model / naive);
    }
}
