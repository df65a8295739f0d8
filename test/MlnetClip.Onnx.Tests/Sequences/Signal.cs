using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Data;

namespace MlnetClip.Onnx.Tests.Sequences;

/// <summary>A row of the tests' sequences: six steps of two features.</summary>
public sealed class Signal
{
    public const int Steps = 6, PerStep = 2;

    [VectorType(Steps * PerStep)]
    public float[] Features { get; set; } = [];

    /// <summary>The first step alone.</summary>
    public float First { get; set; }

    /// <summary>The other steps.</summary>
    [VectorType((Steps * PerStep) - 1)]
    public float[] Rest { get; set; } = [];

    [VectorType(Steps)]
    public string[] Words { get; set; } = [];

    [VectorType(Steps)]
    public string[] Phases { get; set; } = [];

    public string Kind { get; set; } = "";

    public bool IsLate { get; set; }

    public float Value { get; set; }

    public static Signal[] Rows(int count, ulong seed = 1)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            int at = random.NextInt32(Steps);
            float[] features = new float[Steps * PerStep];
            for (int t = 0; t < Steps; t++) (features[2 * t], features[(2 * t) + 1]) = (50 + (random.NextSingle() * 100), t == at ? 5 + random.NextSingle() : random.NextSingle());
            return new Signal
            {
                Features = features, First = features[0], Rest = features[1..], Words = [.. Enumerable.Range(0, Steps).Select(t => t == at ? "high" : t % 2 == 0 ? "low" : "flat")],
                Phases = [.. Enumerable.Range(0, Steps).Select(t => t < at ? "before" : t == at ? "pulse" : "after")],
                Kind = at < 2 ? "early" : at < 4 ? "middle" : "late", IsLate = at > 2, Value = 1000 + (50 * at),
            };
        })];
    }

    public static IDataView View(MLContext context, int count = 60, ulong seed = 1) => context.Data.LoadFromEnumerable(Rows(count, seed));

    /// <summary>Sets the options of a small trainer.</summary>
    public static TOptions Small<TOptions>(string label, Action<TOptions>? change = null)
        where TOptions : LstmSequenceTrainerOptions, new()
    {
        var options = new TOptions
        {
            LabelColumnName = label, FeaturesPerStep = PerStep, HiddenSize = 5, NumberOfEpochs = 4, LearningRate = 0.05f, BatchSize = 16, NumberOfThreads = 1,
        };
        change?.Invoke(options);
        return options;
    }
}
