using System.Reflection;
using Plotly.NET;

namespace MlnetClip.Reports.Page;

/// <summary>The scripts and styles of the page: Plotly's, from its package, and our own.</summary>
internal static class PageScript
{
    /// <summary>Plotly's whole script, which Plotly.NET carries as a resource.</summary>
    public static string WholePlotly => Read(
        typeof(GenericChart).Assembly,
        typeof(GenericChart).Assembly.GetManifestResourceNames().First(name => name.Contains("plotly", StringComparison.OrdinalIgnoreCase) && name.EndsWith(".min.js", StringComparison.Ordinal)));

    /// <summary>What a report needs of Plotly's script.</summary>
    public static string Plotly { get; } = PlotlyScript.Shorten(WholePlotly);

    /// <summary>The script that draws the charts.</summary>
    public static string Charts { get; } = Read(typeof(PageScript).Assembly, "report.js");

    /// <summary>The styles.</summary>
    public static string Styles { get; } = Read(typeof(PageScript).Assembly, "report.css");

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
