using MlnetClip.Settings;

namespace MlnetClip.TestKit;

/// <summary>Values just outside a range, made from the range itself.</summary>
public static class IllegalValues
{
    /// <summary>NaN, both infinities, and for each bound the nearest illegal float.</summary>
    public static IEnumerable<float> Of(OptionRange range)
    {
        yield return float.NaN;
        yield return float.NegativeInfinity;
        yield return float.PositiveInfinity;
        yield return range.MinimumLegal ? MathF.BitDecrement((float)range.Minimum) : (float)range.Minimum;
        if (double.IsFinite(range.Maximum))
            yield return range.MaximumLegal ? MathF.BitIncrement((float)range.Maximum) : (float)range.Maximum;
    }
}
