using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Runtime;
using MlnetClip.Checkpoints;
using MlnetClip.Data;
using MlnetClip.Models;

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

    internal static LstmForecastingTransformer Read(Stream stream, IHostEnvironment environment) => Envelope.Read(stream, (reader, version) =>
    {
        string json = reader.ReadString();
        Description description = version == 1
            ? JsonSerializer.Deserialize(json, DescriptionContext.Default.Description1)!.ToCurrent()
            : JsonSerializer.Deserialize(json, DescriptionContext.Default.Description)!;
        var weights = new float[ModelLayout.Create(description.Model).Sum(parameter => parameter.Rows * parameter.Columns)];
        FloatBlock.Read(reader, weights, "The block of weights");
        var model = new LstmForecastingModelParameters(description.WindowSize, description.Model, weights, description.Scaler, description.MaximumGap);
        return new LstmForecastingTransformer(
            environment, description.InputColumnName, description.OutputColumnName, model, description.Training);
    });

    /// <summary>What stands before the weights. Fields are added, never renamed; an unknown field is ignored.</summary>
    internal sealed record Description(
        string InputColumnName, string OutputColumnName, int WindowSize, ModelSpec Model, SeriesScaler Scaler, LstmTrainingReport Training,
        int? MaximumGap = null);

    /// <summary>Format version 1, of MlnetClip 0.1: a stack of equal LSTM layers.</summary>
    internal sealed record Description1(
        string InputColumnName, string OutputColumnName, int WindowSize, Stack1 Spec, SeriesScaler Scaler, LstmTrainingReport Training)
    {
        public Description ToCurrent() => new(
            InputColumnName, OutputColumnName, WindowSize,
            ModelSpec.Stack(Spec.Features, new RecurrentSpec(RecurrentCell.Lstm, Spec.HiddenSize), Spec.Layers, new HeadSpec(Pooling.Last, Spec.Outputs), Spec.Dropout),
            Scaler, Training);
    }

    /// <summary>The sizes in format version 1.</summary>
    internal sealed record Stack1(int Features, int HiddenSize, int Layers, int Outputs, float Dropout = 0f);

    [JsonSourceGenerationOptions(UseStringEnumConverter = true, IgnoreReadOnlyProperties = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    [JsonSerializable(typeof(Description))]
    [JsonSerializable(typeof(Description1))]
    private sealed partial class DescriptionContext : JsonSerializerContext;
}
