using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlnetClip.Gradients;

/// <summary>Writes a <see cref="NonFinitePolicy"/> to JSON as a string, its text form.</summary>
internal sealed class NonFinitePolicyJsonConverter : JsonConverter<NonFinitePolicy>
{
    public override NonFinitePolicy Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException("A non-finite policy is a string such as \"skip:10\".");
        try
        {
            return NonFinitePolicy.Parse(reader.GetString()!);
        }
        catch (FormatException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    public override void Write(Utf8JsonWriter writer, NonFinitePolicy value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
