using System.Globalization;

namespace MlnetClip.Clipping;

/// <summary>The legal values of one numeric option, as data: checks, error texts and the tests' illegal values come from it.</summary>
/// <param name="Option">The option's name as the user writes it.</param>
/// <param name="Minimum">The smallest value, or the bound below all values.</param>
/// <param name="Maximum">The largest value, or the bound above all values.</param>
/// <param name="MinimumBelongs">Whether <paramref name="Minimum"/> is legal itself.</param>
/// <param name="MaximumBelongs">Whether <paramref name="Maximum"/> is legal itself.</param>
/// <param name="IsInteger">Whether only whole numbers are legal.</param>
internal sealed record OptionRange(
    string Option, double Minimum, double Maximum, bool MinimumBelongs = true, bool MaximumBelongs = true, bool IsInteger = false)
{
    /// <summary>The range in words.</summary>
    public string Words =>
        (IsInteger ? "a whole number " : "") + (Minimum, Maximum) switch
        {
            (double.NegativeInfinity, double.PositiveInfinity) => "finite",
            (_, double.PositiveInfinity) when MaximumBelongs => $"{Lower} or infinity",
            (_, double.PositiveInfinity) => $"{Lower} and finite",
            _ when MinimumBelongs && MaximumBelongs => $"from {Format(Minimum)} to {Format(Maximum)}",
            _ => $"{Lower} and {(MaximumBelongs ? "at most" : "below")} {Format(Maximum)}",
        };

    private string Lower => MinimumBelongs ? $"{Format(Minimum)} or more" : $"above {Format(Minimum)}";

    /// <summary>True when <paramref name="value"/> is legal; NaN never is.</summary>
    public bool Holds(double value) =>
        (MinimumBelongs ? value >= Minimum : value > Minimum)
        && (MaximumBelongs ? value <= Maximum : value < Maximum)
        && (!IsInteger || value == Math.Floor(value));

    private static string Format(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
