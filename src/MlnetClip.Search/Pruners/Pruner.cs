using MlnetClip.Search.Settings;

namespace MlnetClip;

/// <summary>The pruners that have a text form.</summary>
public static class Pruner
{
    /// <summary>The names that <see cref="Parse"/> accepts.</summary>
    public static IReadOnlyList<string> Names { get; } = ["none", "median", "halving", "hyperband"];

    /// <summary>Reads a text form: <c>none</c>, <c>median:n_startup_trials=4,n_warmup_steps=2</c>, <c>halving</c>, <c>hyperband:reduction_factor=2</c>.</summary>
    /// <exception cref="FormatException">The name or a key is not known, or a value is not a number.</exception>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public static IPruner Parse(string text)
    {
        var setting = NamedValues.Parse(text, "pruner");
        switch (setting.Name)
        {
            case "none":
                setting.Close();
                return new NoPruner();
            case "median":
                return MedianPruner.Read(setting);
            case "halving":
                return SuccessiveHalvingPruner.Read(setting);
            case "hyperband":
                return HyperbandPruner.Read(setting);
            default:
                throw setting.Error($"there is no pruner '{setting.Name}'; the pruners are {string.Join(", ", Names)}");
        }
    }
}
