using MlnetClip.Clipping;

namespace MlnetClip.Cli.Output;

/// <summary>Clipping settings in words.</summary>
internal static class ClippingWords
{
    /// <summary>The setting in words, in the order in which it is applied.</summary>
    public static string InWords(ClippingSummary fit)
    {
        string[] parts = [.. fit.BackpropClipping, .. fit.Rules];
        return parts.Length == 0 ? "none: gradients are not clipped" : string.Join("; then ", parts);
    }

    /// <summary>The conclusions from the figures of a fit.</summary>
    public static string Verdict(ClippingSummary fit) => string.Join(' ', fit.Verdicts);
}
