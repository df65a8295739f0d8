using System.Globalization;
using MlnetClip.Settings;

namespace MlnetClip.Search.Spaces;

/// <summary>
/// A number within a range, positive unless the scale is linear. Values have three significant digits, so that they can
/// be typed: <c>norm:0.316</c>.
/// </summary>
public sealed class RealParameter : SearchParameter
{
    /// <summary>Creates the parameter.</summary>
    /// <param name="name">The name.</param>
    /// <param name="minimum">The smallest value; above 0 on a logarithmic scale.</param>
    /// <param name="maximum">The largest value, above <paramref name="minimum"/> in its first three significant digits.</param>
    /// <param name="logarithmic">Whether equal ratios, rather than equal differences, are equally likely; default true.</param>
    /// <param name="when">When the parameter matters; null for always.</param>
    /// <exception cref="ArgumentException">The range is empty, not finite, or not positive on a logarithmic scale.</exception>
    public RealParameter(string name, double minimum, double maximum, bool logarithmic = true, ParameterCondition? when = null)
        : base(name, when)
    {
        var errors = new OptionErrors($"{nameof(RealParameter)} '{name}'");
        errors.Check(new OptionRange(nameof(Minimum), logarithmic ? 0 : double.MinValue, MinimumLegal: !logarithmic), minimum);
        errors.Check(new OptionRange(nameof(Maximum), Round(minimum), MinimumLegal: false), Round(maximum));
        errors.ThrowIfAny();
        Minimum = Round(minimum);
        Maximum = Round(maximum);
        Logarithmic = logarithmic;
    }

    /// <summary>The smallest value.</summary>
    public double Minimum { get; }

    /// <summary>The largest value.</summary>
    public double Maximum { get; }

    /// <summary>Whether equal ratios are equally likely.</summary>
    public bool Logarithmic { get; }

    /// <inheritdoc/>
    public override PointValue FromUnit(double unit)
    {
        double value = Logarithmic
            ? Minimum * Math.Pow(Maximum / Minimum, unit)
            : Minimum + (unit * (Maximum - Minimum));
        return new PointValue(Name, Math.Clamp(Round(value), Minimum, Maximum));
    }

    /// <summary>The coordinate of a value: 0 at the minimum, 1 at the maximum.</summary>
    public double ToUnit(double value) => Logarithmic
        ? Math.Log(value / Minimum) / Math.Log(Maximum / Minimum)
        : (value - Minimum) / (Maximum - Minimum);

    /// <inheritdoc/>
    public override PointValue Read(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= Minimum && value <= Maximum
            ? new PointValue(Name, value)
            : throw new FormatException($"{Name} must be a number of {Domain}, but was '{text}'.");

    private protected override string Domain =>
        $"{(Logarithmic ? "log" : "linear")}:{SpaceText.Print(Minimum)}..{SpaceText.Print(Maximum)}";

    private static double Round(double value) =>
        double.IsFinite(value) ? double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : value;
}
