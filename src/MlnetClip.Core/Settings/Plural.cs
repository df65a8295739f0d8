using System.Globalization;

namespace MlnetClip.Settings;

/// <summary>Numbers with their noun, in the singular or the plural.</summary>
internal static class Plural
{
    /// <summary>For example <c>1 step</c> or <c>12 steps</c>.</summary>
    public static string Of(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
