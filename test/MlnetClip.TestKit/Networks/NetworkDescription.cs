using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlnetClip.TestKit.Networks;

/// <summary>A network as <c>test/Goldens/README.md</c> describes it in JSON. Shares nothing with the engine.</summary>
/// <param name="Features">F, the reals of a step; 0 where a step has ids alone.</param>
/// <param name="Embeddings">One for each column of ids; their vectors follow the features in this order.</param>
/// <param name="Layers">From the inputs upwards.</param>
/// <param name="Head">What becomes of the last layer's outputs.</param>
public sealed record NetworkDescription(
    int Features, IReadOnlyList<EmbeddingDescription> Embeddings, IReadOnlyList<LayerDescription> Layers, HeadDescription Head)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The columns that the first layer reads: features and embedded ids.</summary>
    [JsonIgnore]
    public int InputWidth => Features + Embeddings.Sum(e => e.Size);

    /// <summary>Reads a description.</summary>
    /// <exception cref="JsonException">A name is missing or unknown.</exception>
    public static NetworkDescription Parse(string json) => JsonSerializer.Deserialize<NetworkDescription>(json, Json)!;

    /// <inheritdoc cref="Parse(string)"/>
    public static NetworkDescription Parse(JsonElement json) => json.Deserialize<NetworkDescription>(Json)!;
}
