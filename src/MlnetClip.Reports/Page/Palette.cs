namespace MlnetClip.Reports.Page;

/// <summary>The colors of charts, by names that the page replaces with those of its light or dark theme.</summary>
internal static class Palette
{
    public const string Blue = "$blue", Orange = "$orange", Green = "$green", Red = "$red", Purple = "$purple", Gray = "$gray";

    private static readonly string[] Cycle = [Blue, Orange, Green, Purple, Red, Gray];

    /// <summary>The i-th color of a set of lines.</summary>
    public static string At(int i) => Cycle[i % Cycle.Length];

    /// <summary>The color as a transparent area.</summary>
    public static string Area(string color) => color + "-area";
}
