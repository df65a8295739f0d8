using System.Globalization;
using MlnetClip.Settings;

namespace MlnetClip.Clipping;

/// <summary>The legal ranges of every clipping and non-finite option. Numbers are kept as float32 and checked as such.</summary>
internal static class ClippingRanges
{
    private const string NoClipping = "to train without clipping, use GradientClipping.None, text 'none'.";

    public static readonly OptionRange Limit = new("limit", 0, MinimumLegal: false, Hint: NoClipping);
    public static readonly OptionRange Lower = new("lower", double.NegativeInfinity);
    public static readonly OptionRange Upper = new("upper", double.NegativeInfinity);
    public static readonly OptionRange MaxNorm = new("maxNorm", 0, MinimumLegal: false, Hint: NoClipping);
    public static readonly OptionRange NormType = new("normType", 0, MinimumLegal: false, InfinityLegal: true);
    public static readonly OptionRange Factor = new("factor", 0, MinimumLegal: false);
    public static readonly OptionRange Epsilon = new("eps", 0, MinimumLegal: false);
    public static readonly OptionRange Percentile = new("percentile", 0, 100);
    public static readonly OptionRange History = new("history", 1, 1_000_000, Whole: true);
    public static readonly OptionRange ZScore = new("z", 0, MinimumLegal: false);
    public static readonly OptionRange Alpha = new("alpha", 0, 1, MinimumLegal: false, MaximumLegal: false);
    public static readonly OptionRange WarmUpSteps = new("warmUpSteps", 2, 1_000_000, Whole: true);
    public static readonly OptionRange Ceiling = new("ceiling", 0, MinimumLegal: false, InfinityLegal: true);
    public static readonly OptionRange TensorLimit = new("limit", 0, MinimumLegal: false);
    public static readonly OptionRange Decay = new("decay", 0, 1, MinimumLegal: false, MaximumLegal: false);
    public static readonly OptionRange TensorWarmUp = new("warmUpSteps", 1, 1_000_000, Whole: true);
    public static readonly OptionRange WarmUpNorm = new("warmUpNorm", 0, MinimumLegal: false, InfinityLegal: true);
    public static readonly OptionRange Deviations = new("deviations", 0, MinimumLegal: false);
    public static readonly OptionRange Window = new("window", 2, 10_000, Whole: true);
    public static readonly OptionRange MeanDecay = new("meanDecay", 0, 1, MaximumLegal: false);
    public static readonly OptionRange SquareDecay = new("squareDecay", 0, 1, MaximumLegal: false);
    public static readonly OptionRange TruncateSteps = new("steps", 1, 1_000_000, Whole: true);
    public static readonly OptionRange MaxConsecutive = new("maxConsecutive", 1, 1_000_000, Whole: true);
    public static readonly OptionRange LearningRateFactor = new("learningRateFactor", 0, 1, MinimumLegal: false);
    public static readonly OptionRange SnapshotEvery = new("snapshotEvery", 1, 1_000_000, Whole: true);
    public static readonly OptionRange MaxRollBacks = new("maxRollBacks", 1, 1_000_000, Whole: true);

    /// <summary>Records an error unless the value is in range after rounding to float32; the message shows it as given.</summary>
    public static OptionErrors CheckSingle(this OptionErrors errors, OptionRange range, double value)
    {
        bool overflows = double.IsFinite(value) && !float.IsFinite((float)value);
        if (overflows || !range.Contains((float)value))
            errors.Add(range.Option, $"must be {range.Describe()}", value.ToString("R", CultureInfo.InvariantCulture) + (overflows ? ", which is beyond the range of a float" : ""), range.Hint);
        return errors;
    }
}
