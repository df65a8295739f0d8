using System.Globalization;
using System.Text.RegularExpressions;

namespace MlnetClip.Reports.Page;

/// <summary>Plotly's script without the kinds of charts that reports do not draw: a browser reads a quarter of it, and a report is that much smaller.</summary>
internal static partial class PlotlyScript
{
    /// <summary>The version whose shortened script the tests look at in a browser.</summary>
    private const string Version = "plotly.js v2.28.0\n";

    /// <summary>The kinds of charts that reports draw besides scatter, which the script always has.</summary>
    private static readonly string[] Kinds = ["bar", "heatmap"];

    /// <summary>The shortened script; the whole one where it has another version or form.</summary>
    public static string Shorten(string script)
    {
        if (!script.AsSpan(0, Math.Min(script.Length, 200)).Contains(Version, StringComparison.Ordinal) || !ScriptBundle.TryParse(script, out ScriptBundle? bundle)) return script;
        if (bundle[bundle.Entry] is not { } entry || Registration().Match(entry) is not { Success: true } registration) return script;
        int[] kept = [.. ScriptBundle.CalledBy(registration.Value).Where(id => KindOf(bundle, id) is { } kind && Kinds.Contains(kind))];
        if (kept.Length != Kinds.Length) return script;
        string shorter = $".register([{string.Join(',', kept.Select(id => string.Create(CultureInfo.InvariantCulture, $"{registration.Groups[1].Value}({id})")))}])";
        return bundle.With(entry.Replace(registration.Value, shorter, StringComparison.Ordinal)) ?? script;
    }

    private static string? KindOf(ScriptBundle bundle, int id)
    {
        string? text = bundle[id];
        if (text is not null && Alias().IsMatch(text)) text = bundle[ScriptBundle.CalledBy(text)[0]];
        return text is not null && Trace().Match(text) is { Success: true } trace ? trace.Groups[1].Value : null;
    }

    [GeneratedRegex(@"\.register\(\[(?:(\w)\([\de]+\),?)+\]\)")]
    private static partial Regex Registration();

    [GeneratedRegex(@"^\d+:function\(\w,\w,\w\)\{""use strict"";\w\.exports=\w\([\de]+\)\}$")]
    private static partial Regex Alias();

    [GeneratedRegex(@"moduleType:""trace"",name:""(\w+)""")]
    private static partial Regex Trace();
}
