using System.Text.Json;

namespace MlnetClip.TestKit;

/// <summary>One file of golden numbers, or an object inside it; see <c>test/Goldens/README.md</c>.</summary>
public sealed class GoldenFile
{
    private readonly JsonElement _root;

    private GoldenFile(JsonElement root) => _root = root;

    /// <summary>Reads a file by its path below <c>test/Goldens</c>, without extension: <c>optimizers/adam</c>.</summary>
    public static GoldenFile Load(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")));
        return new GoldenFile(document.RootElement.Clone());
    }

    /// <summary>The names in a folder of <c>test/Goldens</c>, in order, as <see cref="Load"/> takes them.</summary>
    public static IReadOnlyList<string> Names(string folder) =>
        [.. Directory.GetFiles(Path.Combine(Folder, folder), "*.json")
            .Select(path => $"{folder}/{Path.GetFileNameWithoutExtension(path)}").Order(StringComparer.Ordinal)];

    /// <summary>A text option.</summary>
    public string Text(string name) => _root.GetProperty(name).GetString()!;

    /// <summary>A whole number.</summary>
    public int Integer(string name) => _root.GetProperty(name).GetInt32();

    /// <summary>A number.</summary>
    public double Number(string name) => _root.GetProperty(name).GetDouble();

    /// <summary>Whether a name is there.</summary>
    public bool Has(string name) => _root.TryGetProperty(name, out _);

    /// <summary>A value as it stands in the file.</summary>
    public JsonElement Json(string name) => _root.GetProperty(name);

    /// <summary>An array of whole numbers.</summary>
    public int[] Integers(string name) => [.. _root.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];

    /// <summary>An array of numbers, each rounded once to float.</summary>
    public float[] Array(string name) => Floats(_root.GetProperty(name));

    /// <summary>A vector of doubles.</summary>
    public double[] Doubles(string name) => [.. _root.GetProperty(name).EnumerateArray().Select(e => e.GetDouble())];

    /// <summary>Arrays by name, in the order of the file.</summary>
    public IReadOnlyDictionary<string, float[]> Arrays(string name) =>
        _root.GetProperty(name).EnumerateObject().ToDictionary(p => p.Name, p => Floats(p.Value), StringComparer.Ordinal);

    /// <summary>An object.</summary>
    public GoldenFile Object(string name) => new(_root.GetProperty(name));

    /// <summary>An array of objects.</summary>
    public IReadOnlyList<GoldenFile> Objects(string name) => [.. _root.GetProperty(name).EnumerateArray().Select(e => new GoldenFile(e))];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Goldens");

    private static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetSingle())];
}
