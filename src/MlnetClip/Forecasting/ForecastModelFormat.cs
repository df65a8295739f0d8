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
    private static readonly Envelope Envelope = new("MLNCLSTM", version: 3, "forecasting model");

    internal static void Write(Stream stream, LstmForecastingTransformer transformer)
    {
        LstmForecastingModelParameters model = transformer.Model;
        WindowEncoder encoder = model.Encoder;
        var saved = new SavedDescription(
            transformer.Description, model.Layout, model.Spec, model.Head, [.. encoder.Groups], encoder.Scalers, encoder.Pooled, encoder.Covariates, transformer.Training, model.MaximumGap, SavedLinear.Of(encoder.Linear));
        Envelope.Write(stream, writer =>
        {
            writer.Write(JsonSerializer.Serialize(saved, DescriptionContext.Default.SavedDescription));
            FloatBlock.Write(writer, model.Weights.Span);
            encoder.Linear?.Part.Write(writer);
        });
    }

    /// <summary>Reads the entry as the transformer that it describes.</summary>
    /// <exception cref="InvalidDataException">The entry is damaged or newer than this code; the message names the field.</exception>
    internal static LstmForecastingTransformer Read(Stream stream, IHostEnvironment environment)
    {
        SavedForecaster saved = Read(stream);
        return new LstmForecastingTransformer(environment, saved.Description, saved.Model, saved.Training);
    }

    /// <summary>Reads the entry; every field is checked before anything of its size is allocated.</summary>
    /// <exception cref="InvalidDataException">The entry is damaged or newer than this code; the message names the field.</exception>
    internal static SavedForecaster Read(Stream stream) => Envelope.Read(stream, (reader, version) =>
    {
        string json = reader.ReadString();
        SavedDescription saved = version switch
        {
            1 => SavedField.Read(json, DescriptionContext.Default.Description1).ToCurrent().ToCurrent(),
            2 => SavedField.Read(json, DescriptionContext.Default.Description2).ToCurrent(),
            _ => SavedField.Read(json, DescriptionContext.Default.SavedDescription),
        };
        saved.Check();
        float[] weights = SavedWeights.Read(reader, saved.Model);
        WindowLayout network = saved.Head.Strategy == ForecastStrategy.Recursive ? saved.Layout.OneStep : saved.Layout;
        var encoder = new WindowEncoder(saved.Layout, saved.Groups, saved.Scalers, saved.Pooled, saved.Covariates, saved.Linear?.Read(reader, network));
        return new SavedForecaster(saved.Description, new LstmForecastingModelParameters(encoder, saved.Model, weights, saved.Head, saved.MaximumGap), saved.Training);
    });

    /// <summary>Format version 2: one column, one series.</summary>
    internal sealed record Description2(
        string InputColumnName, string OutputColumnName, int WindowSize, ModelSpec Model, SeriesScaler Scaler, LstmTrainingReport Training,
        int? MaximumGap = null)
    {
        /// <exception cref="InvalidDataException">A field cannot be right.</exception>
        public SavedDescription ToCurrent()
        {
            SavedField.NotNull(nameof(Model), Model);
            SavedField.NotNull("Model.Head", Model.Head);
            SavedField.InRange(nameof(WindowSize), WindowSize, 2, LstmForecastingTrainer.Options.LongestWindow);
            SavedField.NotNull(nameof(Scaler), Scaler);
            return new(
                new ForecasterDescription(ForecastColumns.Of(InputColumnName), OutputColumnName), new WindowLayout(WindowSize, Model.Head.Outputs), Model, ForecastHead.Point,
                [""], [[Scaler]], [Scaler], [], Training, MaximumGap);
        }
    }

    /// <summary>Format version 1, of MlnetClip 0.1: a stack of equal LSTM layers.</summary>
    internal sealed record Description1(
        string InputColumnName, string OutputColumnName, int WindowSize, Stack1 Spec, SeriesScaler Scaler, LstmTrainingReport Training)
    {
        /// <exception cref="InvalidDataException">The number of layers is outside its range.</exception>
        public Description2 ToCurrent()
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
    [JsonSerializable(typeof(SavedDescription))]
    [JsonSerializable(typeof(Description1))]
    [JsonSerializable(typeof(Description2))]
    private sealed partial class DescriptionContext : JsonSerializerContext;
}
