namespace MlnetClip;

/// <summary>A clipping rule whose threshold can be searched.</summary>
public enum SearchedRule
{
    /// <summary><see cref="GradientClipping.ByGlobalNorm"/>; text <c>norm</c>.</summary>
    GlobalNorm,

    /// <summary><see cref="GradientClipping.ByValue(Schedule, ThresholdUnits)"/>; text <c>value</c>.</summary>
    Value,

    /// <summary><see cref="GradientClipping.AdaptiveByUnit"/>; text <c>agc</c>.</summary>
    AdaptiveByUnit,

    /// <summary><see cref="GradientClipping.ByPercentile"/>; text <c>autoclip</c>.</summary>
    Percentile,

    /// <summary><see cref="GradientClipping.ByZScore"/>; text <c>zclip</c>.</summary>
    ZScore,
}
