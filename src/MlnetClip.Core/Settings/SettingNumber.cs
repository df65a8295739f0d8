using System.Globalization;

namespace MlnetClip.Settings;

/// <summary>Numbers in text forms: float32, invariant culture, the shortest digits that read back the same.</summary>
internal static class SettingNumber
{
    public static string Print(float value) =>
        float.IsPositiveInfinity(value)
            ? "inf"
            : value.ToString("R", CultureInfo.InvariantCulture).Replace("E+", "e", StringComparison.Ordinal).Replace('E', 'e');

    /// <summary>What to add to a complaint about a number that <see cref="TryRead"/> found beyond float32; empty for any other.</summary>
    public static string Overflow(float value) => float.IsNaN(value) ? ", beyond what a float holds" : "";

    /// <summary>
    /// Reads a decimal number or <c>inf</c>; no sign but a leading minus, no blanks, no group separators. A number beyond
    /// float32 gives NaN, which no range holds.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<char> text, out float value)
    {
        if (text is "inf")
        {
            value = float.PositiveInfinity;
            return true;
        }

        bool read = float.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out value) && char.IsAsciiDigit(text[^1]);
        if (float.IsInfinity(value)) value = float.NaN;
        return read;
    }
}
