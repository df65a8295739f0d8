using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Data;

namespace MlnetClip.Tests.Sequences;

/// <summary>A row of the tests' sequences: six steps of two features, noise and a pulse, whose step decides every label.</summary>
public sealed class Pulse
{
    public const int Steps = 6, PerStep = 2;

    [VectorType(Steps * PerStep)]
    public float[] Features { get; set; } = [];

    /// <summary>The same without the noise, as keys' values: low or high.</summary>
    [VectorType(Steps)]
    public string[] Words { get; set; } = [];

    /// <summary>A label for each step: before, pulse or after.</summary>
    [VectorType(Steps)]
    public string[] Phases { get; set; } = [];

    /// <summary>early, middle or late.</summary>
    public string Kind { get; set; } = "";

    public bool IsLate { get; set; }

    /// <summary>Around 1000.</summary>
    public float Value { get; set; }

    public float Weight { get; set; } = 1;

    public int Number { get; set; }

    /// <summary>Rows in a fixed order.</summary>
    public static Pulse[] Rows(int count, ulong seed = 1)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(number =>
        {
            int at = random.NextInt32(Steps);
            float[] features = new float[Steps * PerStep];
            for (int t = 0; t < Steps; t++) (features[2 * t], features[(2 * t) + 1]) = (random.NextSingle() * 100, t == at ? 5 + random.NextSingle() : random.NextSingle());
            return new Pulse
            {
                Number = number, Features = features, Words = [.. Enumerable.Range(0, Steps).Select(t => t == at ? "high" : "low")],
                Phases = [.. Enumerable.Range(0, Steps).Select(t => t < at ? "before" : t == at ? "pulse" : "after")],
                Kind = at < 2 ? "early" : at < 4 ? "middle" : "late", IsLate = at > 2, Value = 1000 + (50 * at), Weight = 1 + (number % 3),
            };
        })];
    }

    public static IDataView View(MLContext context, int count = 150, ulong seed = 1) => context.Data.LoadFromEnumerable(Rows(count, seed));

    /// <summary>Sets the options of a small trainer that learns these rows in an instant.</summary>
    public static TOptions Small<TOptions>(string label, Action<TOptions>? change = null)
        where TOptions : LstmSequenceTrainerOptions, new()
    {
        var options = new TOptions
        {
            LabelColumnName = label, FeaturesPerStep = PerStep, HiddenSize = 8, NumberOfEpochs = 12, LearningRate = 0.02f, BatchSize = 16, NumberOfThreads = 1,
        };
        change?.Invoke(options);
        return options;
    }

    public static LstmRegressionTrainer Regression(MLContext context, Action<LstmRegressionTrainer.Options>? change = null) =>
        context.Regression.Trainers.Lstm(Small(nameof(Value), change));

    public static LstmBinaryTrainer Binary(MLContext context, Action<LstmBinaryTrainer.Options>? change = null) =>
        context.BinaryClassification.Trainers.Lstm(Small(nameof(IsLate), change));

    /// <summary>The trainer alone: its label is the key in column Label.</summary>
    public static LstmMulticlassTrainer Multiclass(MLContext context, Action<LstmMulticlassTrainer.Options>? change = null) =>
        context.MulticlassClassification.Trainers.Lstm(Small("Label", change));

    /// <summary>The trainer alone: its label is the vector of keys in column StepLabels.</summary>
    public static LstmLabelingTrainer Labeling(MLContext context, Action<LstmLabelingTrainer.Options>? change = null) =>
        context.MulticlassClassification.Trainers.LstmLabeling(Small("StepLabels", change));

    /// <summary>The rows with the key of <see cref="Kind"/> in column Label and the keys of <see cref="Phases"/> in StepLabels.</summary>
    public static IDataView Keyed(MLContext context, IDataView data) =>
        context.Transforms.Conversion.MapValueToKey("Label", nameof(Kind)).Append(context.Transforms.Conversion.MapValueToKey("StepLabels", nameof(Phases))).Fit(data).Transform(data);

    public static IDataView Keyed(MLContext context, int count = 150) => Keyed(context, View(context, count));

    public static float[] Weights(LstmPredictionTransformer model) =>
        [.. model.Model.ParameterNames.SelectMany(name => model.Model.GetWeights(name).ToArray())];

    /// <summary>A column of scored rows.</summary>
    public static T[] Column<T>(IDataView data, string name) => [.. data.GetColumn<T>(data.Schema[name])];
}
