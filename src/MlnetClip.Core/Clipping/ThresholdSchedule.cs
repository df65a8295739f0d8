using System.Globalization;
using MlnetClip.Clipping;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// A threshold over the course of training: constant, moving linearly or along a cosine from one value to another, or
/// measured. A number converts to a constant schedule by itself. Immutable, equal by value.
/// </summary>
public sealed record ThresholdSchedule
{
    private enum Form
    {
        Constant,
        Linear,
        Cosine,
        Calibrated,
    }

    private readonly Form _form;
    private readonly float _from;
    private readonly float _to;
    private readonly int _length;
    private readonly bool _byEpoch;

    private ThresholdSchedule(Form form, double from, double to, int length, bool byEpoch) =>
        (_form, _from, _to, _length, _byEpoch) = (form, (float)from, (float)to, length, byEpoch);

    /// <summary>The same threshold at every step. Text: <c>1</c>.</summary>
    public static ThresholdSchedule Constant(double value) => new(Form.Constant, value, value, 0, false);

    /// <summary>A number is a constant threshold.</summary>
    public static implicit operator ThresholdSchedule(double value) => Constant(value);

    /// <summary>
    /// From one threshold to another in equal increments, then staying there. Text: <c>5..1/1000steps</c>, <c>5..1/20epochs</c>.
    /// </summary>
    /// <param name="from">At step 0.</param>
    /// <param name="to">From the end of the way on.</param>
    /// <param name="steps">Length of the way in steps, 1 or more; or give <paramref name="epochs"/>.</param>
    /// <param name="epochs">Length of the way in epochs, 1 or more; or give <paramref name="steps"/>.</param>
    /// <exception cref="ArgumentException">Not exactly one length is given.</exception>
    public static ThresholdSchedule Linear(double from, double to, int steps = 0, int epochs = 0) =>
        Moving(Form.Linear, nameof(Linear), from, to, steps, epochs);

    /// <summary>From one threshold to another along half a cosine, slowly at both ends. Text: <c>5..1/1000steps/cosine</c>.</summary>
    /// <inheritdoc cref="Linear"/>
    public static ThresholdSchedule Cosine(double from, double to, int steps = 0, int epochs = 0) =>
        Moving(Form.Cosine, nameof(Cosine), from, to, steps, epochs);

    /// <summary>
    /// Measures the norm over the first steps without clipping, and from then on is a multiple of its mean (Pascanu et al. 2013
    /// found good thresholds at 0.5 to 10 times the mean); for <see cref="GradientClipping.ByValue(ThresholdSchedule, ThresholdUnits)"/> the
    /// largest magnitude instead of the norm. AGC, AutoClip and ZClip measure by themselves and take none. Text: <c>2xmean/200steps</c>.
    /// </summary>
    /// <param name="factor">Multiple of the mean norm, above 0.</param>
    /// <param name="steps">Steps that are measured, 1 or more.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static ThresholdSchedule FromCalibration(double factor, int steps)
    {
        new OptionErrors($"{nameof(ThresholdSchedule)}.{nameof(FromCalibration)}")
            .CheckSingle(ClippingRanges.CalibrationFactor, factor).CheckSingle(ClippingRanges.ScheduleLength, steps).ThrowIfAny();
        return new ThresholdSchedule(Form.Calibrated, factor, factor, steps, false);
    }

    /// <summary>The text form.</summary>
    public override string ToString()
    {
        string length = _length.ToString(CultureInfo.InvariantCulture) + (_byEpoch ? "epochs" : "steps");
        return _form switch
        {
            Form.Linear => $"{SettingNumber.Print(_from)}..{SettingNumber.Print(_to)}/{length}",
            Form.Cosine => $"{SettingNumber.Print(_from)}..{SettingNumber.Print(_to)}/{length}/cosine",
            Form.Calibrated => $"{SettingNumber.Print(_from)}xmean/{length}",
            _ => SettingNumber.Print(_from),
        };
    }

    /// <summary>True when the threshold is measured: then <see cref="At"/> gives the factor, and a state holds the mean.</summary>
    internal bool IsCalibrated => _form == Form.Calibrated;

    /// <summary>Steps that are measured.</summary>
    internal int CalibrationSteps => _length;

    /// <summary>The threshold at a step; of a measured one the factor.</summary>
    internal double At(in ClippingStep step)
    {
        if (_form is Form.Constant or Form.Calibrated) return _from;
        double done = Math.Min(1, (double)(_byEpoch ? step.Epoch : step.Step) / _length);
        return _form == Form.Linear
            ? _from + (done * ((double)_to - _from))
            : _to + (((double)_from - _to) * (1 + Math.Cos(Math.PI * done)) / 2);
    }

    /// <summary>Records an error for each end that the option does not allow.</summary>
    internal void Check(OptionErrors errors, OptionRange range, bool calibration = false)
    {
        if (IsCalibrated)
        {
            if (!calibration) errors.Add(range.Option, "cannot come from calibration: only limits of norms and values are measured", ToString());
            return;
        }

        errors.CheckSingle(range, _from);
        if (_to != _from && range.Contains(_from)) errors.CheckSingle(range, _to);
    }

    /// <summary>Reads a text form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="range">The threshold's range.</param>
    /// <param name="calibration">Whether it may be measured.</param>
    /// <param name="problem">What is wrong, or null.</param>
    /// <param name="at">Where, from the start of <paramref name="text"/>.</param>
    internal static ThresholdSchedule? Read(ReadOnlySpan<char> text, OptionRange range, bool calibration, out string? problem, out int at)
    {
        int dots = text.IndexOf(".."), mean = text.IndexOf("xmean/");
        at = 0;
        if (mean >= 0)
        {
            problem = calibration ? null : $"{range.Option} cannot come from calibration: only limits of norms and values are measured";
            if (problem is not null || !Number(text[..mean], ClippingRanges.CalibrationFactor, out float factor, out problem)) return null;
            at = mean + 6;
            if (!Length(text[at..], out int steps, out bool epochs, out problem)) return null;
            problem = epochs ? "calibration is measured in steps" : null;
            return epochs ? null : new ThresholdSchedule(Form.Calibrated, factor, factor, steps, false);
        }

        if (dots < 0) return Number(text, range, out float value, out problem) ? Constant(value) : null;
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
        bool cosine = rest.EndsWith("/cosine");
        return Length(cosine ? rest[..^7] : rest, out int length, out bool byEpoch, out problem)
            ? new ThresholdSchedule(cosine ? Form.Cosine : Form.Linear, from, to, length, byEpoch) : null;
    }

    private static ThresholdSchedule Moving(Form form, string method, double from, double to, int steps, int epochs)
    {
        var errors = new OptionErrors($"{nameof(ThresholdSchedule)}.{method}");
        if ((steps != 0) == (epochs != 0)) errors.Add("steps", "or epochs must be given, and not both", $"{steps} and {epochs}");
        else errors.CheckSingle(steps != 0 ? ClippingRanges.ScheduleLength : ClippingRanges.ScheduleEpochs, steps != 0 ? steps : epochs);
        errors.ThrowIfAny();
        return new ThresholdSchedule(form, from, to, Math.Max(steps, epochs), epochs != 0);
    }

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
        bool good = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out length)
            && ClippingRanges.ScheduleLength.Contains(length);
        problem = good ? null : $"'{text}' is not a length such as 1000steps or 20epochs";
        return good;
    }
}
