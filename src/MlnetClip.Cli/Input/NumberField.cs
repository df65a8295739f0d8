using System.Globalization;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Input;

/// <summary>Reads a number from a field.</summary>
/// <param name="decimalComma">Whether numbers are written with a decimal comma.</param>
internal sealed class NumberField(bool decimalComma)
{
    /// <summary>Whether a field is a missing value: empty, <c>NaN</c> or <c>NA</c> in any case.</summary>
    public static bool IsMissing(string text) =>
        text.Length == 0 || text.Equals("NaN", StringComparison.OrdinalIgnoreCase) || text.Equals("NA", StringComparison.OrdinalIgnoreCase);

    /// <summary>The number; NaN where it is missing. In the invariant culture, with a decimal comma where that is the layout.</summary>
    /// <param name="text">The field.</param>
    /// <param name="place">Its place, for errors.</param>
    /// <exception cref="InputException">It is no number, infinite or beyond the range of single precision.</exception>
    public double Read(string text, Func<string> place)
    {
        if (IsMissing(text)) return double.NaN;
        if (!TryParse(text, out double value))
        {
            string example = decimalComma ? "315,7" : "315.7";
            throw new InputException(
                $"{place()}: '{SafeText.Of(text)}' is not a number: expected one such as {example} or -2e3, or nothing, NaN or NA where the value is missing.",
                text.Contains(',', StringComparison.Ordinal) && !decimalComma
                    ? "for numbers with a decimal comma pass --decimal-comma; thousands separators are not supported."
                    : "for a missing value leave the field empty.");
        }

        if (Math.Abs(value) <= float.MaxValue) return value;
        throw new InputException(
            $"{place()}: '{SafeText.Of(text)}' is infinite or beyond the range of a single-precision number, ±3.4e38.",
            "leave the field empty if the value is unknown, or scale the column.");
    }

    /// <summary>The same, where true and false are 1 and 0.</summary>
    /// <inheritdoc cref="Read"/>
    public double ReadCovariate(string text, Func<string> place)
    {
        if (text.Equals("true", StringComparison.OrdinalIgnoreCase)) return 1;
        if (text.Equals("false", StringComparison.OrdinalIgnoreCase)) return 0;
        if (IsMissing(text) || TryParse(text, out _)) return Read(text, place);
        throw new InputException(
            $"{place()}: '{SafeText.Of(text)}' is not a number, true or false.",
            "write a category as columns of 0 and 1, one for each value; for a missing value leave the field empty.");
    }

    /// <summary>Whether the text is a number.</summary>
    public bool TryParse(string text, out double value)
    {
        if (!decimalComma) return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        value = 0;
        return !text.Contains('.', StringComparison.Ordinal)
            && double.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
