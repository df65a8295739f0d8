using System.Globalization;

namespace MlnetClip.Cli.Output;

/// <summary>Numbers as people read them, in the invariant culture.</summary>
internal static class Figures
{
    /// <summary>Four significant digits; a dash for what is not known.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value)) return double.IsInfinity(value) ? "∞" : "–";
        double magnitude = Math.Abs(value);
        if (magnitude is 0) return "0";
        if (magnitude is < 1e-4 or >= 1e7) return value.ToString("0.###e0", CultureInfo.InvariantCulture);
        int decimals = Math.Clamp(3 - (int)Math.Floor(Math.Log10(magnitude)), 0, 7);
        return value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>A setting: four significant digits at most, without zeros at the end.</summary>
    public static string Setting(double value) => Number(value) is var text && text.Contains('.', StringComparison.Ordinal) && !text.Contains('e', StringComparison.Ordinal)
        ? text.TrimEnd('0').TrimEnd('.') : Number(value);

    /// <summary>A whole number with separators of thousands.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A share as a percentage: 0% and 100% only where it is exactly that. A ratio may be above 1.</summary>
    public static string Share(double share) => share switch
    {
        0 or 1 => share.ToString("0%", CultureInfo.InvariantCulture),
        < 0.01 => share.ToString("0.00%", CultureInfo.InvariantCulture),
        > 0.99 and < 1 => "> 99%",
        _ => share.ToString("0%", CultureInfo.InvariantCulture),
    };

    /// <summary>A time span in seconds.</summary>
    public static string Seconds(TimeSpan time) => $"{time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s";
}
