using MlnetClip.Settings;

namespace MlnetClip.Schedules;

/// <summary>The legal ranges of a schedule's options.</summary>
internal static class ScheduleRanges
{
    public static readonly OptionRange Value = new("value", 0);
    public static readonly OptionRange MeasuredFactor = new("factor", 0, MinimumLegal: false);
    public static readonly OptionRange Steps = new("steps", 1, 1_000_000_000, Whole: true);
    public static readonly OptionRange Epochs = new("epochs", 1, 1_000_000_000, Whole: true);
    public static readonly OptionRange Every = new("every", 1, int.MaxValue, Whole: true);
    public static readonly OptionRange Factor = new("factor", 0, 1, MinimumLegal: false);
    public static readonly OptionRange Floor = new("floor", 0, 1);
    public static readonly OptionRange From = new("from", 0, MinimumLegal: false);
    public static readonly OptionRange To = new("to", 0, MinimumLegal: false);
    public static readonly OptionRange Multiply = new("multiply", 1, 1000, Whole: true);
    public static readonly OptionRange Rise = new("rise", 0, 1, MinimumLegal: false, MaximumLegal: false);
    public static readonly OptionRange Start = new("start", 0, 1);
    public static readonly OptionRange End = new("end", 0, 1);
    public static readonly OptionRange Patience = new("patience", 1, int.MaxValue, Whole: true);
    public static readonly OptionRange ReducedBy = new("factor", 0, 1, MinimumLegal: false, MaximumLegal: false);
    public static readonly OptionRange MinDelta = new("delta", 0);
    public static readonly OptionRange WarmUp = new("warmup", 0, int.MaxValue, Whole: true);
}
