using MlnetClip.Clipping;
using MlnetClip.Schedules;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// A value that may change during training: a clipping threshold, or a factor on the learning rate. Immutable, equal by value, with a
/// text form that <see cref="Parse"/> reads. A number converts to a constant schedule.
/// </summary>
/// <remarks>
/// Text forms: a number; <c>5..1/1000steps</c>, <c>5..1/20epochs</c>, either with <c>/cosine</c>; for a threshold <c>2xmean/200steps</c>; for
/// a learning rate <c>constant</c>, <c>step:every=10,factor=0.5</c> and <c>cosine:floor=0.01</c>, each with <c>warmup=100</c>.
/// </remarks>
public sealed record Schedule
{
    private Schedule(ScheduleForm form) => Form = form;

    /// <summary>The factor 1 at every step: a constant learning rate. Text: <c>constant</c>.</summary>
    public static Schedule Constant() => new(ScheduleForm.Unchanged);

    /// <summary>The same value at every step. Text: <c>1</c>.</summary>
    public static Schedule Constant(double value) => new(ScheduleForm.Constant) { From = (float)value, To = (float)value };

    /// <summary>A number is a constant schedule.</summary>
    public static implicit operator Schedule(double value) => Constant(value);

    /// <summary>
    /// From one value to another in equal increments, then constant. Text: <c>5..1/1000steps</c>, <c>5..1/20epochs</c>.
    /// </summary>
    /// <param name="from">At step 0.</param>
    /// <param name="to">At the end of <paramref name="steps"/> or <paramref name="epochs"/> and after it.</param>
    /// <param name="steps">Length in steps, 1 or more; or give <paramref name="epochs"/>.</param>
    /// <param name="epochs">Length in epochs, 1 or more; or give <paramref name="steps"/>.</param>
    /// <exception cref="ArgumentException">Not exactly one length is given.</exception>
    public static Schedule Linear(double from, double to, int steps = 0, int epochs = 0) =>
        Moving(ScheduleForm.Linear, nameof(Linear), from, to, steps, epochs);

    /// <summary>From one value to another along half a cosine, which is slow at both ends, then constant. Text: <c>5..1/1000steps/cosine</c>.</summary>
    /// <inheritdoc cref="Linear"/>
    public static Schedule Cosine(double from, double to, int steps = 0, int epochs = 0) =>
        Moving(ScheduleForm.Cosine, nameof(Cosine), from, to, steps, epochs);

    /// <summary>
    /// A factor on the learning rate that falls from 1 to <paramref name="floor"/> along half a cosine over all steps of the fit
    /// (Loshchilov and Hutter 2017). A finished fit with this schedule cannot be resumed with more epochs, because the number of epochs is part of the schedule. Text: <c>cosine:floor=0.01</c>.
    /// </summary>
    /// <param name="floor">The last factor, from 0 to 1; default 0.</param>
    /// <exception cref="ArgumentException">The value is outside its range.</exception>
    public static Schedule CosineToEnd(float floor = 0f)
    {
        Errors(nameof(CosineToEnd)).CheckSingle(ScheduleRanges.Floor, floor).ThrowIfAny();
        return new(ScheduleForm.CosineToEnd) { From = 1, To = floor };
    }

    /// <summary>A factor on the learning rate that is multiplied by <paramref name="factor"/> every <paramref name="everyEpochs"/> epochs. Text: <c>step:every=10,factor=0.5</c>.</summary>
    /// <param name="everyEpochs">Epochs between reductions, 1 or more; default 10.</param>
    /// <param name="factor">Above 0 and at most 1; default 0.5.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public static Schedule StepDecay(int everyEpochs = ScheduleText.DefaultEvery, float factor = ScheduleText.DefaultFactor)
    {
        OptionErrors errors = Errors(nameof(StepDecay));
        errors.Check(ScheduleRanges.Every, everyEpochs); // not as float32: a whole number may have more digits than that holds
        errors.CheckSingle(ScheduleRanges.Factor, factor).ThrowIfAny();
        return new(ScheduleForm.StepDecay) { From = 1, To = factor, Length = everyEpochs, ByEpoch = true };
    }

    /// <summary>
    /// Measures the norm over the first steps without clipping; after that, the threshold is a multiple of its mean (Pascanu et al. 2013
    /// found good thresholds at 0.5 to 10 times the mean). <see cref="GradientClipping.ByValue(Schedule, ThresholdUnits)"/> measures the
    /// largest magnitude instead of the norm. AGC, AutoClip and ZClip do their own measuring and do not accept this schedule. Text: <c>2xmean/200steps</c>.
    /// </summary>
    /// <param name="factor">The multiple of the mean norm, above 0.</param>
    /// <param name="steps">Steps that are measured, 1 or more.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static Schedule FromCalibration(double factor, int steps)
    {
        Errors(nameof(FromCalibration)).CheckSingle(ScheduleRanges.MeasuredFactor, factor).CheckSingle(ScheduleRanges.Steps, steps).ThrowIfAny();
        return new(ScheduleForm.Measured) { From = (float)factor, To = (float)factor, Length = steps };
    }

    /// <summary>Adds a warm-up: over the first steps, the schedule is multiplied by a factor that rises linearly from 1/<paramref name="steps"/> to 1.</summary>
    /// <param name="steps">Length of the warm-up in steps, 0 or more.</param>
    /// <exception cref="ArgumentException">The length is outside its range, or the schedule is a measured one.</exception>
    public Schedule WithWarmUp(int steps)
    {
        OptionErrors errors = Errors(nameof(WithWarmUp));
        errors.Check(ScheduleRanges.WarmUp, steps);
        if (IsMeasured && steps > 0) errors.Add("steps", "must be 0 for a measured schedule", $"{steps}");
        errors.ThrowIfAny();
        return this with { WarmUpSteps = steps };
    }

    /// <summary>The value at a step; for a measured schedule, the multiple of the mean.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="totalSteps">The number of steps of the whole fit.</param>
    public double At(long step, int epoch, long totalSteps)
    {
        double value = Form switch
        {
            ScheduleForm.Unchanged => 1,
            ScheduleForm.Linear => From + (Done(step, epoch) * ((double)To - From)),
            ScheduleForm.Cosine => To + (((double)From - To) * (1 + Math.Cos(Math.PI * Done(step, epoch))) / 2),
            ScheduleForm.CosineToEnd => To + ((1 - To) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(step, totalSteps) / Math.Max(totalSteps, 1)))),
            ScheduleForm.StepDecay => Math.Pow(To, epoch / Length),
            _ => From,
        };
        return step < WarmUpSteps ? value * (step + 1) / WarmUpSteps : value;
    }

    /// <summary>Reads a text form. Measured schedules are read only as part of a clipping setting.</summary>
    /// <exception cref="SettingFormatException">The text is not a legal form; the message points at the offending character.</exception>
    public static Schedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ScheduleText.Parse(text);
    }

    /// <summary>The text form; only values that differ from the defaults are printed.</summary>
    public override string ToString() => ScheduleText.Print(this);

    internal ScheduleForm Form { get; }

    /// <summary>The value at the start; for a measured schedule, the multiple of the mean.</summary>
    internal float From { get; init; }

    /// <summary>The value at the end; for a step decay, the factor.</summary>
    internal float To { get; init; }

    /// <summary>The length in steps or epochs; for a step decay, the epochs between reductions; for a measured schedule, the measured steps.</summary>
    internal int Length { get; init; }

    internal bool ByEpoch { get; init; }

    internal int WarmUpSteps { get; init; }

    /// <summary>Whether the value is measured: then <see cref="At(long, int, long)"/> returns the multiple, and a state holds the mean.</summary>
    internal bool IsMeasured => Form == ScheduleForm.Measured;

    /// <summary>Whether the value depends on the number of steps of the whole fit, so that a finished fit cannot be resumed with more epochs.</summary>
    internal bool SpansTheFit => Form == ScheduleForm.CosineToEnd;

    internal double At(in ClippingStep step) => At(step.Step, step.Epoch, 0);

    /// <summary>Records an error for each value that is illegal for a threshold.</summary>
    internal void CheckThreshold(OptionErrors errors, OptionRange range, bool measured = false)
    {
        if (IsMeasured)
        {
            if (!measured) errors.Add(range.Option, "cannot be measured: only limits of norms and values can", ToString());
            return;
        }

        if (Form is not (ScheduleForm.Constant or ScheduleForm.Linear or ScheduleForm.Cosine) || WarmUpSteps > 0)
        {
            errors.Add(range.Option, "must be a number or go from one to another, such as 5..1/1000steps", $"'{this}'");
            return;
        }

        errors.CheckSingle(range, From);
        if (To != From && range.Contains(From)) errors.CheckSingle(range, To);
    }

    /// <summary>Records an error when the schedule cannot be a factor on the learning rate.</summary>
    internal void CheckFactor(OptionErrors errors, string option)
    {
        if (IsMeasured) errors.Add(option, "cannot be measured: only thresholds can", $"'{this}'");
        else if (!ScheduleRanges.Value.Contains(From) || !ScheduleRanges.Value.Contains(To)) errors.Add(option, "must stay at finite factors of 0 or more", $"'{this}'");
    }

    internal static Schedule Create(ScheduleForm form, float from, float to, int length, bool byEpoch) =>
        new(form) { From = from, To = to, Length = length, ByEpoch = byEpoch };

    private double Done(long step, int epoch) => Math.Min(1, (double)(ByEpoch ? epoch : step) / Length);

    private static Schedule Moving(ScheduleForm form, string method, double from, double to, int steps, int epochs)
    {
        OptionErrors errors = Errors(method);
        if ((steps != 0) == (epochs != 0)) errors.Add("steps", "or epochs must be given, but not both", $"{steps} and {epochs}");
        else errors.CheckSingle(steps != 0 ? ScheduleRanges.Steps : ScheduleRanges.Epochs, steps != 0 ? steps : epochs);
        errors.ThrowIfAny();
        return Create(form, (float)from, (float)to, Math.Max(steps, epochs), epochs != 0);
    }

    private static OptionErrors Errors(string method) => new($"{nameof(Schedule)}.{method}");
}
