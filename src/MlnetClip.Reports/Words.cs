using System.Globalization;

namespace MlnetClip.Reports;

/// <summary>Numbers as the report writes them.</summary>
internal static class Words
{
    /// <summary>A number with four digits.</summary>
    public static string Number(double value) => double.IsNaN(value) ? "–" : value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>A share as a percentage.</summary>
    public static string Share(double share) => double.IsNaN(share) ? "–" : share.ToString("0.#%", CultureInfo.InvariantCulture);

    /// <summary>A count with separators of thousands.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun: <c>1 step</c>, <c>12,000 steps</c>.</summary>
    public static string Count(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";
}
