using System.Globalization;

namespace MlnetClip.Settings;

/// <summary>Numbers in text forms: float32, invariant culture, the shortest digits that round-trip.</summary>
internal static class SettingNumber
{
    public static string Print(float value) =>
        float.IsPositiveInfinity(value)
            ? "inf"
            : value.ToString("R", CultureInfo.InvariantCulture).Replace("E+", "e", StringComparison.Ordinal).Replace('E', 'e');

    /// <summary>The text to append to an error about a number that <see cref="TryRead"/> found beyond float32; empty for any other.</summary>
    public static string Overflow(float value) => float.IsNaN(value) ? ", which is beyond the range of a float" : "";

    /// <summary>
    /// Reads a decimal number or <c>inf</c>, with an optional leading minus, without spaces or group separators. A number beyond
    /// float32 gives NaN, which is in no range.
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
