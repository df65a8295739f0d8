using System.Globalization;
using MlnetClip.Settings;

namespace MlnetClip.Schedules;

/// <summary>Prints and reads the text forms of a <see cref="Schedule"/>.</summary>
internal static class ScheduleText
{
    public const int DefaultEvery = 10;
    public const float DefaultFactor = 0.5f;
    public const float DefaultDecay = 0.95f;
    public const int DefaultPatience = 5;
    public const float DefaultRise = 0.3f;
    public const float DefaultStart = 1 / 25f;
    public const float DefaultEnd = 1 / 250_000f;

    private const string WarmUpOption = "/warmup=";

    private static readonly SettingForm<Schedule>[] s_forms =
    [
        new("constant", "constant[:warmup=STEPS]", a => WithWarmUp(Schedule.Constant(), a)),
        new("step", "step[:every=EPOCHS,factor=F,warmup=STEPS]", a => WithWarmUp(Schedule.StepDecay(
            (int)a.Number("every", ScheduleRanges.Every, DefaultEvery), a.Number("factor", ScheduleRanges.Factor, DefaultFactor)), a)),
        new("exponential", "exponential[:factor=F,warmup=STEPS]", a => WithWarmUp(Schedule.ExponentialDecay(a.Number("factor", ScheduleRanges.Factor, DefaultDecay)), a)),
        new("restarts", "restarts:epochs=EPOCHS or restarts:steps=STEPS[,multiply=M,floor=F,warmup=STEPS]", a => WithWarmUp(Restarts(a), a)),
        new("one-cycle", "one-cycle[:rise=SHARE,start=F,end=F,warmup=STEPS]", a => WithWarmUp(Schedule.OneCycle(
            a.Number("rise", ScheduleRanges.Rise, DefaultRise), a.Number("start", ScheduleRanges.Start, DefaultStart), a.Number("end", ScheduleRanges.End, DefaultEnd)), a)),
        new("plateau", "plateau[:patience=EPOCHS,factor=F,floor=F,delta=D,warmup=STEPS]", a => WithWarmUp(Schedule.ReduceOnPlateau(
            (int)a.Number("patience", ScheduleRanges.Patience, DefaultPatience), a.Number("factor", ScheduleRanges.ReducedBy, DefaultFactor),
            a.Number("floor", ScheduleRanges.Floor, 0), a.Number("delta", ScheduleRanges.MinDelta, 0)), a)),
        new("cosine", "cosine[:floor=F,warmup=STEPS]", a => WithWarmUp(Schedule.CosineToEnd(a.Number("floor", ScheduleRanges.Floor, 0)), a)),
    ];

    private static readonly SettingParser<Schedule> s_parser = new(
        nameof(Schedule), s_forms, string.Join(", ", s_forms.Select(f => f.Usage)) + ", a number, FROM..TO/1000steps, FROM..TO/20epochs; the last two also with /cosine or /exponential.");

    public static string Print(Schedule schedule)
    {
        int warmUp = schedule.WarmUpSteps;
        switch (schedule.Form)
        {
            case ScheduleForm.Unchanged:
                return SettingText.Print("constant", ("warmup", warmUp, 0));
            case ScheduleForm.StepDecay:
                return SettingText.Print("step", ("every", schedule.Length, DefaultEvery), ("factor", schedule.To, DefaultFactor), ("warmup", warmUp, 0));
            case ScheduleForm.Decay:
                return SettingText.Print("exponential", ("factor", schedule.To, DefaultDecay), ("warmup", warmUp, 0));
            case ScheduleForm.Restarts:
                return SettingText.Print("restarts", (schedule.ByEpoch ? "epochs" : "steps", schedule.Length, 0), ("multiply", schedule.Multiply, 1), ("floor", schedule.To, 0), ("warmup", warmUp, 0));
            case ScheduleForm.OneCycle:
                return SettingText.Print("one-cycle", ("rise", schedule.Rise, DefaultRise), ("start", schedule.From, DefaultStart), ("end", schedule.To, DefaultEnd), ("warmup", warmUp, 0));
            case ScheduleForm.Plateau:
                return SettingText.Print(
                    "plateau", ("patience", schedule.Length, DefaultPatience), ("factor", schedule.To, DefaultFactor), ("floor", schedule.From, 0), ("delta", schedule.MinDelta, 0), ("warmup", warmUp, 0));
            case ScheduleForm.CosineToEnd:
                return SettingText.Print("cosine", ("floor", schedule.To, 0), ("warmup", warmUp, 0));
        }

        string from = SettingNumber.Print(schedule.From);
        string length = schedule.Length.ToString(CultureInfo.InvariantCulture) + (schedule.ByEpoch ? "epochs" : "steps");
        string text = schedule.Form switch
        {
            ScheduleForm.Linear => $"{from}..{SettingNumber.Print(schedule.To)}/{length}",
            ScheduleForm.Cosine => $"{from}..{SettingNumber.Print(schedule.To)}/{length}/cosine",
            ScheduleForm.Exponential => $"{from}..{SettingNumber.Print(schedule.To)}/{length}/exponential",
            ScheduleForm.Measured => $"{from}xmean/{length}",
            _ => from,
        };
        return warmUp == 0 ? text : text + WarmUpOption + warmUp.ToString(CultureInfo.InvariantCulture);
    }

    public static Schedule Parse(string text)
    {
        if (text.Length == 0 || char.IsAsciiLetter(text[0])) return s_parser.Read(text, 0, text.Length);
        int warmUp = text.LastIndexOf(WarmUpOption, StringComparison.Ordinal), end = warmUp < 0 ? text.Length : warmUp;
        Schedule schedule = Read(text.AsSpan(0, end), ScheduleRanges.Value, measured: false, out string? problem, out int at) ?? throw s_parser.Fail(text, at, problem!);
        if (warmUp < 0) return schedule;
        int start = warmUp + WarmUpOption.Length;
        return int.TryParse(text.AsSpan(start), NumberStyles.None, CultureInfo.InvariantCulture, out int steps)
            ? schedule.WithWarmUp(steps)
            : throw s_parser.Fail(text, start, $"warmup must be {ScheduleRanges.WarmUp.Describe()}");
    }

    /// <summary>Reads the text form of a threshold.</summary>
    /// <param name="text">The text.</param>
    /// <param name="range">The threshold's range.</param>
    /// <param name="measured">Whether it may be measured.</param>
    /// <param name="problem">What is wrong, or null.</param>
    /// <param name="at">Where, from the start of <paramref name="text"/>.</param>
    public static Schedule? Read(ReadOnlySpan<char> text, OptionRange range, bool measured, out string? problem, out int at)
    {
        int dots = text.IndexOf(".."), mean = text.IndexOf("xmean/");
        at = 0;
        if (mean >= 0)
        {
            problem = measured ? null : $"{range.Option} cannot be measured: only limits of norms and values can";
            if (problem is not null || !Number(text[..mean], ScheduleRanges.MeasuredFactor, out float factor, out problem)) return null;
            at = mean + 6;
            if (!Length(text[at..], out int steps, out bool epochs, out problem)) return null;
            problem = epochs ? "a measured schedule needs its length in steps" : null;
            return epochs ? null : Schedule.Create(ScheduleForm.Measured, factor, factor, steps, byEpoch: false);
        }

        if (dots < 0) return Number(text, range, out float value, out problem) ? Schedule.Constant(value) : null;
        if (!Number(text[..dots], range, out float from, out problem)) return null;
        at = dots + 2;
        ReadOnlySpan<char> rest = text[at..];
        int slash = rest.IndexOf('/');
        if (slash < 0)
        {
            (problem, at) = ("the length is missing: /1000steps or /20epochs", text.Length);
            return null;
        }

        if (!Number(rest[..slash], range, out float to, out problem)) return null;
        at += slash + 1;
        rest = rest[(slash + 1)..];
        bool cosine = rest.EndsWith("/cosine"), exponential = rest.EndsWith("/exponential");
        if (!Length(cosine ? rest[..^7] : exponential ? rest[..^12] : rest, out int length, out bool byEpoch, out problem)) return null;
        if (exponential && !(from > 0 && to > 0))
        {
            (problem, at) = ("an exponential schedule needs values above 0", 0);
            return null;
        }

        return Schedule.Create(cosine ? ScheduleForm.Cosine : exponential ? ScheduleForm.Exponential : ScheduleForm.Linear, from, to, length, byEpoch);
    }

    private static Schedule Restarts(SettingArguments arguments)
    {
        int epochs = (int)arguments.Number("epochs", ScheduleRanges.Epochs, 0), steps = (int)arguments.Number("steps", ScheduleRanges.Steps, 0);
        if ((epochs != 0) == (steps != 0)) throw arguments.Fail("either epochs or steps must be given");
        return Schedule.WarmRestarts(
            epochs, steps, (int)arguments.Number("multiply", ScheduleRanges.Multiply, 1), arguments.Number("floor", ScheduleRanges.Floor, 0));
    }

    private static Schedule WithWarmUp(Schedule schedule, SettingArguments arguments) =>
        schedule.WithWarmUp((int)arguments.Number("warmup", ScheduleRanges.WarmUp, 0));

    private static bool Number(ReadOnlySpan<char> text, OptionRange range, out float value, out string? problem)
    {
        problem = !SettingNumber.TryRead(text, out value) ? $"{range.Option}: '{text}' is not a number"
            : !range.Contains(value) ? $"{range.Option} must be {range.Describe()}, got {text}{SettingNumber.Overflow(value)}" : null;
        return problem is null;
    }

    private static bool Length(ReadOnlySpan<char> text, out int length, out bool epochs, out string? problem)
    {
        epochs = text.EndsWith("epochs");
        ReadOnlySpan<char> digits = epochs ? text[..^6] : text.EndsWith("steps") ? text[..^5] : "";
        bool good = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out length) && ScheduleRanges.Steps.Contains(length);
        problem = good ? null : $"'{text}' is not a length such as 1000steps or 20epochs";
        return good;
    }
}
