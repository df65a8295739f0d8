namespace MlnetClip.Cli.Arguments;

/// <summary>The value of <c>--calendar</c>.</summary>
/// <param name="Reads">Whether the model reads the times.</param>
/// <param name="Features">The features that it reads; null for those that fit the times.</param>
internal sealed record CalendarChoice(bool Reads, CalendarFeatures? Features)
{
    /// <summary>The model does not read the times.</summary>
    public static readonly CalendarChoice None = new(false, null);

    /// <exception cref="FormatException">The text names no features.</exception>
    public static CalendarChoice Parse(string text) => text switch
    {
        "none" => None,
        "auto" => new(true, null),
        _ when !text.Any(char.IsDigit) && Enum.TryParse(text, ignoreCase: true, out CalendarFeatures features) && features != CalendarFeatures.None => new(true, features),
        _ => throw new FormatException($"must be none, auto, or of {string.Join(", ", Enum.GetNames<CalendarFeatures>().Where(name => name != nameof(CalendarFeatures.None)))} joined by commas, but was '{text}'."),
    };

    /// <summary>The text form, for the help.</summary>
    public override string ToString() => !Reads ? "none" : Features is null ? "auto" : $"{Features}";
}
