using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Inference;

namespace MlnetClip.Benchmarks;

/// <summary>Rows a second of <c>Transform</c> over many rows, how long the network and the rows' source take alone, and the largest memory of a process for each number of rows.</summary>
internal static class TransformTable
{
    private const int Window = 48, Horizon = 12, HiddenSize = 32, Steps = 24, PerStep = 4;

    private static readonly string Self = Path.Combine(AppContext.BaseDirectory, "MlnetClip.Benchmarks.dll");

    /// <summary>Prints the table.</summary>
    /// <param name="rows">The largest number of rows, 10 or more; memory is measured over a tenth of it, too.</param>
    public static void Run(int rows)
    {
        if (rows < 10) throw new ArgumentException($"transform: --rows must be 10 or more, but was {rows}.");
        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"forecaster: windows of {Window} rows, a horizon of {Horizon}, {HiddenSize} hidden units; classifier: sequences of {Steps} time steps with {PerStep} values, {HiddenSize} hidden units; one thread reads a column");
        Console.WriteLine();
        Console.WriteLine($"{"",-12} {"rows",10} {"seconds",8} {"rows a second",14} {"network alone",15} {"source alone",15} {"MiB at most",12}");
        foreach (string kind in new[] { "forecaster", "classifier" })
        {
            foreach (int count in new[] { rows / 10, rows })
            {
                Measured whole = Process(kind, count);
                double network = Process($"{kind} network", count).Value, source = Process($"{kind} source", count).Value;
                Console.WriteLine($"{kind,-12} {count,10} {whole.Value,8:F1} {count / whole.Value,14:F0} {network / whole.Value,15:P0} {source / whole.Value,15:P0} {whole.PeakMib,12:F0}");
            }
        }
    }

    /// <summary>Measures, in the process that <see cref="Process"/> started: seconds.</summary>
    public static Measured Own(string kind, int rows)
    {
        var mlContext = new MLContext(seed: 1);
        double seconds = kind switch
        {
            "forecaster" => Read<VBuffer<float>>(Forecaster(mlContext), mlContext.Data.LoadFromEnumerable(Series(rows)), "Forecast"),
            "classifier" => Read<float>(Classifier(mlContext), mlContext.Data.LoadFromEnumerable(Sequences(rows)), "Score"),
            "forecaster source" => Read<float>(null, mlContext.Data.LoadFromEnumerable(Series(rows)), nameof(SeriesRow.Value)),
            "classifier source" => Read<VBuffer<float>>(null, mlContext.Data.LoadFromEnumerable(Sequences(rows)), nameof(SequenceRow.Features)),
            "forecaster network" => Predict(new EngineRow(1, HiddenSize, 1, Window, 1), rows),
            "classifier network" => Predict(new EngineRow(PerStep, HiddenSize, 1, Steps, 1), rows),
            _ => throw new ArgumentException($"'{kind}' is not known."),
        };
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return new Measured(seconds, process.PeakWorkingSet64 / (double)(1 << 20), kind);
    }

    private static Measured Process(string kind, int rows) =>
        Measured.Run(Self, Isa.Best, ["transform-own", kind, $"{rows}"], out string error) ?? throw new InvalidOperationException($"A measurement failed: {error}");

    private static LstmForecastingTransformer Forecaster(MLContext mlContext) => mlContext.Forecasting.ForecastByLstm(new LstmForecastingTrainer.Options
    {
        OutputColumnName = "Forecast", InputColumnName = nameof(SeriesRow.Value), WindowSize = Window, Horizon = Horizon, HiddenSize = HiddenSize, NumberOfEpochs = 1,
        LinearPart = LinearPartUse.None, // so that the network is asked for every row
    }).Fit(mlContext.Data.LoadFromEnumerable(Series(1000)));

    private static ITransformer Classifier(MLContext mlContext) => mlContext.BinaryClassification.Trainers.Lstm(new LstmBinaryTrainer.Options
    {
        FeaturesPerStep = PerStep, HiddenSize = HiddenSize, NumberOfEpochs = 1,
    }).Fit(mlContext.Data.LoadFromEnumerable(Sequences(1000)));

    /// <summary>Reads a column of all rows; the seconds that it took.</summary>
    private static double Read<T>(ITransformer? transformer, IDataView rows, string name)
    {
        IDataView transformed = transformer?.Transform(rows) ?? rows;
        DataViewSchema.Column column = transformed.Schema[name];
        var clock = Stopwatch.StartNew();
        using DataViewRowCursor cursor = transformed.GetRowCursor([column]);
        ValueGetter<T> getter = cursor.GetGetter<T>(column);
        T value = default!;
        while (cursor.MoveNext()) getter(ref value);
        return clock.Elapsed.TotalSeconds;
    }

    /// <summary>The network alone, as often.</summary>
    private static double Predict(EngineRow row, int count)
    {
        var predictor = new SequencePredictor(new PackedModel(row.Model, OurEngine.RandomWeights(row)));
        float[] input = new float[row.T * row.I], output = new float[1];
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < count; i++) predictor.Predict(input, output);
        return clock.Elapsed.TotalSeconds;
    }

    private static IEnumerable<SeriesRow> Series(int rows)
    {
        for (int row = 0; row < rows; row++) yield return new SeriesRow { Value = MathF.Sin(row / 4f) + (row % 7 / 10f) };
    }

    private static IEnumerable<SequenceRow> Sequences(int rows)
    {
        float[][] sequences = [.. Enumerable.Range(0, 64).Select(first => Enumerable.Range(first, Steps * PerStep).Select(i => MathF.Sin(i / 4f)).ToArray())];
        for (int row = 0; row < rows; row++)
        {
            yield return new SequenceRow { Label = row % 2 == 0, Features = sequences[row % sequences.Length] };
        }
    }

    private sealed class SeriesRow
    {
        public float Value { get; set; }
    }

    private sealed class SequenceRow
    {
        public bool Label { get; set; }

        [VectorType(Steps * PerStep)]
        public float[] Features { get; set; } = [];
    }
}
