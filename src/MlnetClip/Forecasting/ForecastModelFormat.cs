using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Runtime;
using MlnetClip.Checkpoints;
using MlnetClip.Data;
using MlnetClip.Layers;

namespace MlnetClip.Forecasting;

/// <summary>
/// The binary entry of a saved forecaster: an <see cref="Envelope"/> around a JSON description (columns, sizes, scaling,
/// training report) and the weights of all parameters in one block.
/// </summary>
internal static partial class ForecastModelFormat
{
    private static readonly Envelope Envelope = new("MLNCLSTM", version: 1, "model weights");

    internal static void Write(Stream stream, LstmForecastingTransformer transformer)
    {
        var model = transformer.Model;
        var description = new Description(
            transformer.InputColumnName, transformer.OutputColumnName, model.WindowSize, model.Spec, model.Scaler, transformer.Training);
        Envelope.Write(stream, writer =>
        {
            writer.Write(JsonSerializer.Serialize(description, DescriptionContext.Default.Description));
            FloatBlock.Write(writer, model.Weights.Span);
        });
    }

    internal static LstmForecastingTransformer Read(Stream stream, IHostEnvironment environment) => Envelope.Read(stream, (reader, _) =>
    {
        var description = JsonSerializer.Deserialize(reader.ReadString(), DescriptionContext.Default.Description)!;
        var weights = new float[SequenceModelLayout.Create(description.Spec).Sum(parameter => parameter.Rows * parameter.Columns)];
        FloatBlock.Read(reader, weights, "The block of weights");
        var model = new LstmForecastingModelParameters(description.WindowSize, description.Spec, weights, description.Scaler);
        return new LstmForecastingTransformer(
            environment, description.InputColumnName, description.OutputColumnName, model, description.Training);
    });

    /// <summary>What stands before the weights. Fields are added, never renamed; an unknown field is ignored.</summary>
    internal sealed record Description(
        string InputColumnName, string OutputColumnName, int WindowSize, SequenceModelSpec Spec, SeriesScaler Scaler, LstmTrainingReport Training);

    [JsonSourceGenerationOptions(UseStringEnumConverter = true, IgnoreReadOnlyProperties = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    [JsonSerializable(typeof(Description))]
    private sealed partial class DescriptionContext : JsonSerializerContext;
}
