using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Runtime;
using MlnetClip.Checkpoints;
using MlnetClip.Data;
using MlnetClip.Models;
using MlnetClip.Persistence;

namespace MlnetClip.Forecasting;

/// <summary>
/// The binary entry of a saved forecaster: an <see cref="Envelope"/> around a JSON description (columns, sizes, scaling,
/// training report) and the weights of all parameters in one block.
/// </summary>
internal static partial class ForecastModelFormat
{
    private static readonly Envelope Envelope = new("MLNCLSTM", version: 2, "forecasting model");

    internal static void Write(Stream stream, LstmForecastingTransformer transformer)
    {
        var model = transformer.Model;
        var description = new Description(
            transformer.InputColumnName, transformer.OutputColumnName, model.WindowSize, model.Spec, model.Scaler, transformer.Training, model.MaximumGap);
        Envelope.Write(stream, writer =>
        {
            writer.Write(JsonSerializer.Serialize(description, DescriptionContext.Default.Description));
            FloatBlock.Write(writer, model.Weights.Span);
        });
    }

    /// <summary>Reads the entry as the transformer that it describes.</summary>
    /// <exception cref="InvalidDataException">The entry is damaged or newer than this code; the message names the field.</exception>
    internal static LstmForecastingTransformer Read(Stream stream, IHostEnvironment environment)
    {
        SavedForecaster saved = Read(stream);
        return new LstmForecastingTransformer(environment, saved.InputColumnName, saved.OutputColumnName, saved.Model, saved.Training);
    }

    /// <summary>Reads the entry; every field is checked before anything of its size is allocated.</summary>
    /// <exception cref="InvalidDataException">The entry is damaged or newer than this code; the message names the field.</exception>
    internal static SavedForecaster Read(Stream stream) => Envelope.Read(stream, (reader, version) =>
    {
        string json = reader.ReadString();
        Description description = version == 1
            ? SavedField.Read(json, DescriptionContext.Default.Description1).ToCurrent()
            : SavedField.Read(json, DescriptionContext.Default.Description);
        description.Check();
        float[] weights = SavedWeights.Read(reader, description.Model);
        var model = new LstmForecastingModelParameters(description.WindowSize, description.Model, weights, description.Scaler, description.MaximumGap);
        return new SavedForecaster(description.InputColumnName, description.OutputColumnName, model, description.Training);
    });

    /// <summary>What stands before the weights. Fields are added, never renamed; an unknown field is ignored.</summary>
    internal sealed record Description(
        string InputColumnName, string OutputColumnName, int WindowSize, ModelSpec Model, SeriesScaler Scaler, LstmTrainingReport Training,
        int? MaximumGap = null)
    {
        /// <summary>Throws for the first field that cannot be right, apart from the sizes of the model, which <see cref="SavedWeights"/> checks.</summary>
        /// <exception cref="InvalidDataException">A field cannot be right; the message begins with it.</exception>
        public void Check()
        {
            SavedField.Name(nameof(InputColumnName), InputColumnName);
            SavedField.Name(nameof(OutputColumnName), OutputColumnName);
            SavedField.InRange(nameof(WindowSize), WindowSize, 2, LstmForecastingTrainer.Options.LongestWindow);
            SavedField.NotNull(nameof(Model), Model);
            SavedField.InRange("Model.Features", Model.Features, 1, 1);
            SavedField.InRange("Model.Embeddings.Count", SavedField.NotNull("Model.Embeddings", Model.Embeddings).Count, 0, 0);
            if (SavedField.NotNull("Model.Head", Model.Head).Pooling == Pooling.EveryStep)
                throw SavedField.Wrong("Model.Head.Pooling", "must not be EveryStep in a forecaster", "EveryStep");
            if (MaximumGap is { } gap) SavedField.InRange(nameof(MaximumGap), gap, 0);
            SavedField.NotNull(nameof(Scaler), Scaler);
            SavedField.Defined("Scaler.Scaling", Scaler.Scaling);
            SavedField.InRange("Scaler.Mean", Scaler.Mean, double.NegativeInfinity);
            SavedField.InRange("Scaler.Scale", Scaler.Scale, double.Epsilon);
            SavedReport.Check(Training, WindowSize);
            if ((long)WindowSize + Model.Head.Outputs > Training.Rows - Training.ValidationRows)
                throw SavedField.Wrong("WindowSize + Model.Head.Outputs", $"must be at most the {Training.Rows - Training.ValidationRows} rows trained on", $"{WindowSize} + {Model.Head.Outputs}");
        }
    }

    /// <summary>Format version 1, of MlnetClip 0.1: a stack of equal LSTM layers.</summary>
    internal sealed record Description1(
        string InputColumnName, string OutputColumnName, int WindowSize, Stack1 Spec, SeriesScaler Scaler, LstmTrainingReport Training)
    {
        /// <exception cref="InvalidDataException">The number of layers is outside its range.</exception>
        public Description ToCurrent()
        {
            SavedField.NotNull(nameof(Spec), Spec);
            SavedField.InRange("Spec.Layers", Spec.Layers, 1, ModelSpec.MostRecurrentLayers);
            var layer = new RecurrentSpec(RecurrentCell.Lstm, Spec.HiddenSize);
            var model = ModelSpec.Stack(Spec.Features, layer, Spec.Layers, new HeadSpec(Pooling.Last, Spec.Outputs), Spec.Dropout);
            ClippingSummary? clipping = SavedField.NotNull(nameof(Training), Training).ClippingSummary;
            LstmTrainingReport training = Training with { ClippingSummary = SavedField.NotNull("Training.ClippingSummary", clipping) with { NormMeanAfter = double.NaN } };
            return new(InputColumnName, OutputColumnName, WindowSize, model, Scaler, training);
        }
    }

    /// <summary>The sizes in format version 1.</summary>
    internal sealed record Stack1(int Features, int HiddenSize, int Layers, int Outputs, float Dropout = 0f);

    [JsonSourceGenerationOptions(
        UseStringEnumConverter = true, IgnoreReadOnlyProperties = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
    [JsonSerializable(typeof(Description))]
    [JsonSerializable(typeof(Description1))]
    private sealed partial class DescriptionContext : JsonSerializerContext;
}
