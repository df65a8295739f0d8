using MlnetClip.Search.Settings;

namespace MlnetClip;

/// <summary>The samplers that have a text form.</summary>
public static class Sampler
{
    /// <summary>The names that <see cref="Parse"/> accepts.</summary>
    public static IReadOnlyList<string> Names { get; } = ["tpe", "halton", "random", "grid"];

    /// <summary>Reads a text form: <c>tpe</c>, <c>tpe:n_startup_trials=8</c>, <c>halton</c>, <c>random</c>, <c>grid:steps=24</c>.</summary>
    /// <exception cref="FormatException">The name or a key is not known, or a value is not a number.</exception>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public static ISampler Parse(string text)
    {
        var setting = NamedValues.Parse(text, "sampler");
        switch (setting.Name)
        {
            case "tpe":
                return TpeSampler.Read(setting);
            case "halton":
                setting.Close();
                return new HaltonSampler();
            case "random":
                setting.Close();
                return new RandomSampler();
            case "grid":
                int steps = setting.Take("steps", 24);
                setting.Close("steps");
                return new GridSampler(steps);
            default:
                throw setting.Error($"there is no sampler '{setting.Name}'; the samplers are {string.Join(", ", Names)}");
        }
    }
}
