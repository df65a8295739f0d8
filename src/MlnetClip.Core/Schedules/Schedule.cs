using MlnetClip.Clipping;
using MlnetClip.Schedules;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// A value that may change during training: a clipping threshold, or a factor on the learning rate. Immutable, equal by value, with a
/// text form that <see cref="Parse"/> reads. A number converts to a constant schedule.
/// </summary>
/// <remarks>
/// Text forms: a number; <c>5..1/1000steps</c>, <c>5..1/20epochs</c>, either with <c>/cosine</c> or <c>/exponential</c>; for a threshold <c>2xmean/200steps</c>; for
/// a learning rate <c>constant</c>, <c>step:every=10,factor=0.5</c>, <c>exponential:factor=0.95</c>, <c>cosine:floor=0.01</c>, <c>restarts:epochs=10,multiply=2</c>,
/// <c>one-cycle</c> and <c>plateau:patience=5,factor=0.5</c>, each with <c>warmup=100</c>.
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

    /// <summary>From one value to another by equal factors, then constant. Text: <c>5..1/1000steps/exponential</c>.</summary>
    /// <param name="from">At step 0, above 0.</param>
    /// <param name="to">At the end of <paramref name="steps"/> or <paramref name="epochs"/> and after it, above 0.</param>
    /// <param name="steps">Length in steps, 1 or more; or give <paramref name="epochs"/>.</param>
    /// <param name="epochs">Length in epochs, 1 or more; or give <paramref name="steps"/>.</param>
    /// <exception cref="ArgumentException">Not exactly one length is given, or a value is not above 0.</exception>
    public static Schedule Exponential(double from, double to, int steps = 0, int epochs = 0)
    {
        Errors(nameof(Exponential)).CheckSingle(ScheduleRanges.From, from).CheckSingle(ScheduleRanges.To, to).ThrowIfAny();
        return Moving(ScheduleForm.Exponential, nameof(Exponential), from, to, steps, epochs);
    }

    /// <summary>
    /// A factor on the learning rate that falls from 1 to <paramref name="floor"/> along half a cosine, jumps back to 1 and falls again, each time over
    /// <paramref name="multiply"/> times as many steps or epochs (SGDR, Loshchilov and Hutter 2017; PyTorch's CosineAnnealingWarmRestarts).
    /// Text: <c>restarts:epochs=10,multiply=2,floor=0.01</c>, <c>restarts:steps=500</c>.
    /// </summary>
    /// <param name="epochs">Length of the first cycle in epochs, 1 or more, within which the factor changes after each epoch; or give <paramref name="steps"/>.</param>
    /// <param name="steps">Length of the first cycle in steps, 1 or more.</param>
    /// <param name="multiply">By how much each cycle is longer than the one before, a whole number from 1 to 1000; default 1.</param>
    /// <param name="floor">The last factor of a cycle, from 0 to 1; default 0.</param>
    /// <exception cref="ArgumentException">Not exactly one length is given, or a value is outside its range.</exception>
    public static Schedule WarmRestarts(int epochs = 0, int steps = 0, int multiply = 1, float floor = 0f)
    {
        OptionErrors errors = Errors(nameof(WarmRestarts));
        errors.Check(ScheduleRanges.Multiply, multiply);
        errors.CheckSingle(ScheduleRanges.Floor, floor).ThrowIfAny();
        return Moving(ScheduleForm.Restarts, nameof(WarmRestarts), 1, floor, steps, epochs) with { Multiply = multiply };
    }

    /// <summary>
    /// A factor on the learning rate for one cycle over the whole fit (Smith and Topin 2018; PyTorch's OneCycleLR without its momentum): from <paramref name="start"/> up to 1, then down to
    /// <paramref name="end"/>, both along half a cosine. The learning rate is the largest one. A finished fit cannot be resumed with more epochs. Text: <c>one-cycle:rise=0.3,start=0.04,end=4e-06</c>.
    /// </summary>
    /// <param name="rise">The share of the steps in which the factor rises, above 0 and below 1; default 0.3.</param>
    /// <param name="start">The first factor, from 0 to 1; default 1/25.</param>
    /// <param name="end">The last factor, from 0 to 1; default 1/250,000.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public static Schedule OneCycle(float rise = ScheduleText.DefaultRise, float start = ScheduleText.DefaultStart, float end = ScheduleText.DefaultEnd)
    {
        Errors(nameof(OneCycle)).CheckSingle(ScheduleRanges.Rise, rise).CheckSingle(ScheduleRanges.Start, start).CheckSingle(ScheduleRanges.End, end).ThrowIfAny();
        return new(ScheduleForm.OneCycle) { From = start, To = end, Rise = rise };
    }

    /// <summary>
    /// A factor on the learning rate that is multiplied by <paramref name="factor"/> each time the validation loss has not improved for <paramref name="patience"/> epochs, so it needs
    /// validation. Text: <c>plateau:patience=5,factor=0.5,floor=0.01</c>.
    /// </summary>
    /// <param name="patience">Epochs without improvement after which the factor is reduced, 1 or more; default 5. They are counted anew after each reduction.</param>
    /// <param name="factor">Above 0 and below 1; default 0.5.</param>
    /// <param name="floor">The smallest factor on the learning rate, from 0 to 1; default 0.</param>
    /// <param name="minDelta">The smallest decrease of the loss that counts as an improvement, 0 or more; default 0.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public static Schedule ReduceOnPlateau(int patience = ScheduleText.DefaultPatience, float factor = ScheduleText.DefaultFactor, float floor = 0f, float minDelta = 0f)
    {
        OptionErrors errors = Errors(nameof(ReduceOnPlateau));
        errors.Check(ScheduleRanges.Patience, patience);
        errors.CheckSingle(ScheduleRanges.ReducedBy, factor).CheckSingle(ScheduleRanges.Floor, floor).CheckSingle(ScheduleRanges.MinDelta, minDelta).ThrowIfAny();
        return new(ScheduleForm.Plateau) { From = floor, To = factor, Length = patience, ByEpoch = true, MinDelta = minDelta };
    }

    /// <summary>A factor on the learning rate that is multiplied by <paramref name="factor"/> after every epoch. Text: <c>exponential:factor=0.95</c>.</summary>
    /// <param name="factor">Above 0 and at most 1; default 0.95.</param>
    /// <exception cref="ArgumentException">The value is outside its range.</exception>
    public static Schedule ExponentialDecay(float factor = ScheduleText.DefaultDecay)
    {
        Errors(nameof(ExponentialDecay)).CheckSingle(ScheduleRanges.Factor, factor).ThrowIfAny();
        return new(ScheduleForm.Decay) { From = 1, To = factor, Length = 1, ByEpoch = true };
    }

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

    /// <summary>The value at a step; for a measured schedule, the multiple of the mean; for one that reduces on a plateau, the value before any reduction.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="totalSteps">The number of steps of the whole fit.</param>
    public double At(long step, int epoch, long totalSteps) => ScheduleValue.At(this, step, epoch, totalSteps);

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

    /// <summary>The value at the end; for a decay or a plateau, the factor.</summary>
    internal float To { get; init; }

    /// <summary>The length in steps or epochs; for a step decay, the epochs between reductions; for a measured schedule, the measured steps.</summary>
    internal int Length { get; init; }

    internal bool ByEpoch { get; init; }

    /// <summary>By how much each cycle of restarts is longer than the one before.</summary>
    internal int Multiply { get; init; } = 1;

    /// <summary>The share of the steps in which one cycle rises.</summary>
    internal float Rise { get; init; }

    /// <summary>The smallest decrease of the loss that a plateau does not have.</summary>
    internal float MinDelta { get; init; }

    internal int WarmUpSteps { get; init; }

    /// <summary>Whether the value is measured: then <see cref="At(long, int, long)"/> returns the multiple, and a state holds the mean.</summary>
    internal bool IsMeasured => Form == ScheduleForm.Measured;

    /// <summary>Whether the value depends on the number of steps of the whole fit, so that a finished fit cannot be resumed with more epochs.</summary>
    internal bool SpansTheFit => Form is ScheduleForm.CosineToEnd or ScheduleForm.OneCycle;

    /// <summary>Whether the value depends on the validation losses of the fit, so that it needs validation.</summary>
    public bool NeedsValidationLoss => Form == ScheduleForm.Plateau;

    internal double At(in ClippingStep step) => At(step.Step, step.Epoch, 0);

    internal static Schedule Create(ScheduleForm form, float from, float to, int length, bool byEpoch) =>
        new(form) { From = from, To = to, Length = length, ByEpoch = byEpoch };

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
