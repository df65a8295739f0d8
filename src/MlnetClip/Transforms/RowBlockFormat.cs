using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Runtime;
using MlnetClip.Checkpoints;
using MlnetClip.Persistence;

namespace MlnetClip.Transforms;

/// <summary>The binary entry of a saved transform from rows to sequences: an <see cref="Envelope"/> around its options as JSON.</summary>
internal static partial class RowBlockFormat
{
    private static readonly Envelope Envelope = new("MLNCLROW", version: 1, "transform from rows to sequences");

    internal static void Write(Stream stream, RowsToSequencesTransformer transformer) => Envelope.Write(stream, writer => writer.Write(JsonSerializer.Serialize(
        new Description { Sequences = transformer.Options as ToSequencesEstimator.Options, Windows = transformer.Options as ToWindowsEstimator.Options },
        RowBlockDescriptionContext.Default.Description)));

    internal static RowsToSequencesTransformer Read(Stream stream, IHostEnvironment environment) => Envelope.Read(stream, (reader, _) =>
    {
        Description description = SavedField.Read(reader.ReadString(), RowBlockDescriptionContext.Default.Description);
        if (description.Sequences is null == description.Windows is null) throw new InvalidDataException("Sequences or Windows must be set, and not both");
        IRowBlockOptions options = description.Sequences is { } sequences ? sequences : description.Windows!;
        try
        {
            options.Validate();
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException(SavedField.Sentence(e.Message), e);
        }

        return new RowsToSequencesTransformer(environment, options);
    });

    /// <summary>One of the two. Fields are added, never renamed; an unknown field is ignored.</summary>
    internal sealed record Description
    {
        /// <summary>The options of ToSequences.</summary>
        public ToSequencesEstimator.Options? Sequences { get; init; }

        /// <summary>The options of ToWindows.</summary>
        public ToWindowsEstimator.Options? Windows { get; init; }
    }

    [JsonSourceGenerationOptions(UseStringEnumConverter = true, RespectNullableAnnotations = true, IgnoreReadOnlyProperties = true)]
    [JsonSerializable(typeof(Description))]
    [JsonSerializable(typeof(ToSequencesEstimator.Options), TypeInfoPropertyName = "SequenceOptions")]
    [JsonSerializable(typeof(ToWindowsEstimator.Options), TypeInfoPropertyName = "WindowOptions")]
    private sealed partial class RowBlockDescriptionContext : JsonSerializerContext;
}
