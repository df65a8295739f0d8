using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.Checkpoints;
using MlnetClip.MLNetInternals;
using MlnetClip.Models;
using MlnetClip.Persistence;
using MlnetClip.Scoring;

namespace MlnetClip.Sequences;

/// <summary>
/// The binary entry of a saved model over sequences: an <see cref="Envelope"/> around a JSON description (column, model, scaling, task,
/// training report) and the weights of all parameters in one block.
/// </summary>
internal static partial class SequenceModelFormat
{
    private static readonly Envelope Envelope = new("MLNCLSEQ", version: 1, "sequence model");

    internal static void Write(Stream stream, LstmPredictionTransformer transformer)
    {
        LstmModelParameters model = transformer.Model;
        var featureType = (VectorDataViewType)transformer.FeatureColumnType;
        var regression = model.Task as RegressionTask;
        LabelKeys? keys = (model.Task as KeyedTask)?.Keys;
        var description = new Description
        {
            FeatureColumnName = transformer.FeatureColumnName,
            FeatureSize = featureType.Size,
            FeatureDimensions = featureType.Dimensions.Length == 1 ? null : featureType.Dimensions,
            Model = model.Network.Spec,
            FeatureMeans = model.Scaler.Means,
            FeatureScales = model.Scaler.Scales,
            Task = model.Task.Kind,
            LabelMean = regression?.Mean,
            LabelScale = regression?.Scale,
            LabelKeyType = keys?.Type.ToString(),
            LabelKeys = keys?.Texts,
            Training = transformer.Training,
        };
        Envelope.Write(stream, writer =>
        {
            writer.Write(JsonSerializer.Serialize(description, SequenceDescriptionContext.Default.Description));
            FloatBlock.Write(writer, model.Network.Weights.Span);
        });
    }

    /// <summary>Reads the entry as the transformer that it describes.</summary>
    /// <exception cref="InvalidDataException">The entry is damaged or newer than this code; the message names the field.</exception>
    internal static LstmPredictionTransformer Read(Stream stream, IHostEnvironment environment)
    {
        SavedSequenceModel saved = Read(stream);
        return new SinglePredictionTransformer(environment, saved.FeatureColumnName, saved.FeatureColumnType, saved.Model, saved.Training);
    }

    /// <summary>Reads the entry; every field is checked before anything of its size is allocated.</summary>
    /// <exception cref="InvalidDataException">The entry is damaged or newer than this code; the message names the field.</exception>
    internal static SavedSequenceModel Read(Stream stream) => Envelope.Read(stream, (reader, _) =>
    {
        try
        {
            Description description = SavedField.Read(reader.ReadString(), SequenceDescriptionContext.Default.Description);
            SavedField.Name(nameof(Description.FeatureColumnName), description.FeatureColumnName);
            SavedReport.Check(description.Training);
            var network = new TrainedNetwork(description.Model, ReadWeights(reader, description.Model));
            var model = new LstmModelParameters(network, ScalerOf(description), TaskOf(description));
            return new SavedSequenceModel(description.FeatureColumnName, TypeOf(description, model.Input), model, description.Training);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            throw new InvalidDataException(SavedField.Sentence(e.Message), e);
        }
    });

    /// <summary>Reads the weights; nothing is allocated for more of them than there are bytes.</summary>
    private static float[] ReadWeights(BinaryReader reader, ModelSpec spec)
    {
        spec.Validate();
        if (spec.Embeddings.Count > 0 && (spec.Features > 0 || spec.Embeddings[0] is null || spec.Embeddings.Any(embedding => embedding != spec.Embeddings[0]) || spec.Embeddings[0].Count < 2))
            throw Wrong("Model.Embeddings", "must be equal, and the model must have no other features");
        double count = ModelLayout.Create(spec).Sum(parameter => (double)parameter.Rows * parameter.Columns);
        long available = reader.BaseStream.Length - reader.BaseStream.Position - sizeof(int);
        if (count * sizeof(float) != available) throw Wrong("Model", $"describes {count} weights, but {available / sizeof(float)} are there");
        return SavedWeights.Read(reader, spec);
    }

    private static VectorDataViewType TypeOf(Description description, SequenceInput input)
    {
        int size = description.FeatureSize;
        if (size < 0 || size % input.PerStep != 0) throw Wrong(nameof(Description.FeatureSize), $"must be 0 or more in steps of {input.PerStep}, but is {size}");
        if (description.FeatureDimensions is not { } dimensions) return input.TypeOf(size);
        if (dimensions.Count < 2 || dimensions.Any(length => length < 0) || dimensions.Aggregate(1.0, (product, length) => product * length) != size)
            throw Wrong(nameof(Description.FeatureDimensions), $"must be two or more lengths whose product is {size}, but are {string.Join(", ", dimensions)}");
        return input.TypeOf([.. dimensions]);
    }

    private static FeatureScaler ScalerOf(Description description)
    {
        double[] means = description.FeatureMeans, scales = description.FeatureScales;
        if (means.Length != description.Model.Features || !means.All(double.IsFinite))
            throw Wrong(nameof(Description.FeatureMeans), $"must be {description.Model.Features} finite numbers");
        if (scales.Length != means.Length || !scales.All(scale => scale > 0 && double.IsFinite(scale)))
            throw Wrong(nameof(Description.FeatureScales), $"must be {means.Length} numbers above 0");
        return new FeatureScaler(means, scales);
    }

    private static SequenceTask TaskOf(Description description)
    {
        int outputs = description.Model.Head.Outputs;
        SequenceTask task = description.Task switch
        {
            RegressionTask.Name => new RegressionTask(description.LabelMean ?? double.NaN, description.LabelScale ?? double.NaN),
            BinaryTask.Name => new BinaryTask(),
            MulticlassTask.Name when outputs >= 2 => new MulticlassTask(outputs, KeysOf(description)),
            LabelingTask.Name when outputs >= 2 => new LabelingTask(outputs, KeysOf(description)),
            _ => throw Wrong(
                nameof(Description.Task),
                $"must be {RegressionTask.Name}, {BinaryTask.Name}, {MulticlassTask.Name} or {LabelingTask.Name}, but is '{description.Task}' with {outputs} outputs"),
        };
        if (task.EveryStep != (description.Model.Head.Pooling == Pooling.EveryStep))
            throw Wrong("Model.Head.Pooling", task.EveryStep ? "must be EveryStep" : "must be Last, Mean or Max");
        if (task.Outputs != outputs) throw Wrong("Model.Head.Outputs", $"must be {task.Outputs}, but is {outputs}");
        if (task is RegressionTask regression && !(double.IsFinite(regression.Mean) && regression.Scale > 0 && double.IsFinite(regression.Scale)))
            throw Wrong(nameof(Description.LabelScale), "must be above 0 and finite");
        if (task is KeyedTask { Keys: { } keys } && keys.Texts.Count != outputs)
            throw Wrong(nameof(Description.LabelKeys), $"must be {outputs}, one for each class, but are {keys.Texts.Count}");
        return task;
    }

    private static LabelKeys? KeysOf(Description description) =>
        description.LabelKeys is { } texts ? LabelKeys.Parse(description.LabelKeyType ?? "", texts) : null;

    private static InvalidDataException Wrong(string field, string rule) => new($"{field} {rule}");

    /// <summary>The description in front of the weights. Fields are added, never renamed; an unknown field is ignored.</summary>
    internal sealed record Description
    {
        /// <summary>The column of sequences.</summary>
        public required string FeatureColumnName { get; init; }

        /// <summary>Values of a sequence in training; 0 where it varied.</summary>
        public required int FeatureSize { get; init; }

        /// <summary>The dimensions of a sequence in training, where there are two or more.</summary>
        public IReadOnlyList<int>? FeatureDimensions { get; init; }

        /// <summary>The network.</summary>
        public required ModelSpec Model { get; init; }

        /// <summary>Means of the features.</summary>
        public required double[] FeatureMeans { get; init; }

        /// <summary>Scales of the features.</summary>
        public required double[] FeatureScales { get; init; }

        /// <summary>The kind of the task's score columns.</summary>
        public required string Task { get; init; }

        /// <summary>The mean of a regression's labels.</summary>
        public double? LabelMean { get; init; }

        /// <summary>The scale of a regression's labels.</summary>
        public double? LabelScale { get; init; }

        /// <summary>The type of the values of the label's keys.</summary>
        public string? LabelKeyType { get; init; }

        /// <summary>The values of the label's keys, as texts.</summary>
        public IReadOnlyList<string>? LabelKeys { get; init; }

        /// <summary>How it was trained.</summary>
        public required LstmTrainingReport Training { get; init; }
    }

    [JsonSourceGenerationOptions(UseStringEnumConverter = true, RespectNullableAnnotations = true, IgnoreReadOnlyProperties = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    [JsonSerializable(typeof(Description))]
    private sealed partial class SequenceDescriptionContext : JsonSerializerContext;
}
