using System.Globalization;

namespace MlnetClip.Settings;

/// <summary>The legal range of a numeric option, as data that validation, error messages and tests use.</summary>
/// <param name="Option">The option's name as users write it.</param>
/// <param name="Minimum">The smallest value, or the bound below it when <paramref name="MinimumLegal"/> is false.</param>
/// <param name="Maximum">The largest value, or the bound above it when <paramref name="MaximumLegal"/> is false.</param>
/// <param name="MinimumLegal">Whether <paramref name="Minimum"/> itself is legal.</param>
/// <param name="MaximumLegal">Whether <paramref name="Maximum"/> itself is legal.</param>
/// <param name="Hint">How to fix an illegal value, or null.</param>
/// <param name="Whole">Whether only whole numbers are legal.</param>
/// <param name="InfinityLegal">Whether positive infinity is legal, which it is not by default.</param>
public sealed record OptionRange(
    string Option, double Minimum, double Maximum = double.PositiveInfinity,
    bool MinimumLegal = true, bool MaximumLegal = true, string? Hint = null, bool Whole = false, bool InfinityLegal = false)
{
    /// <summary>Whether the value is in range, and finite unless infinity is legal.</summary>
    public bool Contains(double value) =>
        (double.IsFinite(value) || (InfinityLegal && double.IsPositiveInfinity(value)))
        && (!Whole || value == Math.Floor(value))
        && (MinimumLegal ? value >= Minimum : value > Minimum)
        && (MaximumLegal ? value <= Maximum : value < Maximum);

    /// <summary>The range in words, for example <c>1 or more</c> or <c>0 or more and below 1</c>.</summary>
    public string Describe() => Whole ? $"a whole number {Bounds()}" : Bounds();

    private string Bounds()
    {
        string low = Number(Minimum), high = Number(Maximum);
        string lower = double.IsNegativeInfinity(Minimum) ? "finite" : MinimumLegal ? $"{low} or more" : $"above {low}";
        if (double.IsPositiveInfinity(Maximum)) return InfinityLegal ? $"{lower} or infinity" : lower;
        if (MinimumLegal && MaximumLegal) return $"from {low} to {high}";
        return MaximumLegal ? $"{lower} and at most {high}" : $"{lower} and below {high}";
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
