namespace MlnetClip.Clipping;

/// <summary>The legal ranges of every clipping and non-finite option. Numbers are kept as float32, so the largest is float's.</summary>
internal static class ClippingRanges
{
    public static readonly OptionRange Limit = Positive("limit");
    public static readonly OptionRange Lower = new("lower", double.NegativeInfinity, double.PositiveInfinity, false, false);
    public static readonly OptionRange Upper = new("upper", double.NegativeInfinity, double.PositiveInfinity, false, false);
    public static readonly OptionRange MaxNorm = Positive("maxNorm");
    public static readonly OptionRange NormType = new("normType", 0, double.PositiveInfinity, MinimumBelongs: false);
    public static readonly OptionRange MaxConsecutive = new("maxConsecutive", 1, 1_000_000, IsInteger: true);
    public static readonly OptionRange LearningRateFactor = new("learningRateFactor", 0, 1, MinimumBelongs: false);
    public static readonly OptionRange SnapshotEvery = new("snapshotEvery", 1, 1_000_000, IsInteger: true);
    public static readonly OptionRange MaxRollBacks = new("maxRollBacks", 1, 1_000_000, IsInteger: true);

    private static OptionRange Positive(string option) =>
        new(option, 0, double.PositiveInfinity, MinimumBelongs: false, MaximumBelongs: false);
}
