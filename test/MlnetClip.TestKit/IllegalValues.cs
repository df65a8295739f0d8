using MlnetClip.Settings;

namespace MlnetClip.TestKit;

/// <summary>Values just outside a range, made from the range itself.</summary>
public static class IllegalValues
{
    /// <summary>NaN, the infinities that are not legal, a fraction where only whole numbers are, and for each bound the nearest illegal float.</summary>
    public static IEnumerable<float> Of(OptionRange range)
    {
        yield return float.NaN;
        yield return float.NegativeInfinity;
        if (!range.InfinityLegal) yield return float.PositiveInfinity;
        if (range.Whole) yield return (float)range.Minimum + 0.5f;
        yield return range.MinimumLegal ? MathF.BitDecrement((float)range.Minimum) : (float)range.Minimum;
        if (double.IsFinite(range.Maximum))
            yield return range.MaximumLegal ? MathF.BitIncrement((float)range.Maximum) : (float)range.Maximum;
    }
}
