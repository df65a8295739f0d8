using Microsoft.ML.Data;

namespace MlnetClip.Reports.Tests;

/// <summary>A row with a sequence of six steps of two features, a ramp and a pulse, whose step decides every label.</summary>
public sealed class Pulse
{
    public const int Steps = 6;

    [VectorType(Steps * 2)]
    public float[] Features { get; set; } = [];

    [VectorType(Steps)]
    public string[] Phases { get; set; } = [];

    public string Kind { get; set; } = "";

    public bool IsLate { get; set; }

    public float Value { get; set; }

    public static Pulse[] Rows(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            int at = random.Next(Steps);
            var features = new float[Steps * 2];
            for (int t = 0; t < Steps; t++) (features[2 * t], features[(2 * t) + 1]) = (random.NextSingle(), t == at ? 2 + random.NextSingle() : 2 * random.NextSingle());
            return new Pulse
            {
                Features = features, Phases = [.. Enumerable.Range(0, Steps).Select(t => t < at ? "before" : t == at ? "pulse" : "after")],
                Kind = at < 2 ? "early" : at < 4 ? "middle" : "late", IsLate = at > 2, Value = 1000 + (50 * at),
            };
        })];
    }
}
