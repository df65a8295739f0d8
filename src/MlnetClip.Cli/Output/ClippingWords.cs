using MlnetClip.Clipping;

namespace MlnetClip.Cli.Output;

/// <summary>Clipping settings in words.</summary>
internal static class ClippingWords
{
    /// <summary>What was asked for in words, in the order it acts.</summary>
    public static string InWords(ClippingSummary fit)
    {
        string[] parts = [.. fit.BackpropClipping, .. fit.Rules];
        return parts.Length == 0 ? "none: gradients are not clipped" : string.Join("; then ", parts);
    }

    /// <summary>What the figures of a fit say about its threshold.</summary>
    public static string Verdict(ClippingSummary fit) => string.Join(' ', fit.Verdicts);
}
