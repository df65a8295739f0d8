using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlnetClip.Clipping;

/// <summary>Writes a <see cref="GradientClipping"/> to JSON as a string, its text form.</summary>
internal sealed class GradientClippingJsonConverter : JsonConverter<GradientClipping>
{
    public override GradientClipping Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException("A gradient clipping is a string such as \"norm:1\".");
        try
        {
            return GradientClipping.Parse(reader.GetString()!);
        }
        catch (FormatException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    public override void Write(Utf8JsonWriter writer, GradientClipping value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
