using MlnetClip.Optimizers;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// A factor on the learning rate by epoch and step, as an immutable value with a text form:
/// <c>constant</c>, <c>step:every=10,factor=0.5</c>, <c>cosine:floor=0.01</c>, each with <c>warmup=100</c> if wanted.
/// </summary>
public sealed record LearningRateSchedule
{
    private enum Form
    {
        Constant,
        StepDecay,
        Cosine,
    }

    internal static readonly OptionRange[] Ranges =
    [
        new("every", 1, int.MaxValue, Whole: true),
        new("factor", 0, 1, MinimumLegal: false),
        new("floor", 0, 1),
        new("warmup", 0, int.MaxValue, Whole: true),
    ];

    private Form _form;
    private int _every = 10;
    private float _factor = 0.5f;
    private float _floor;
    private int _warmUpSteps;

    private LearningRateSchedule()
    {
    }

    /// <summary>The factor 1 at every step.</summary>
    public static LearningRateSchedule Constant { get; } = new();

    /// <summary>The factor is multiplied by <paramref name="factor"/> every <paramref name="everyEpochs"/> epochs.</summary>
    /// <param name="everyEpochs">Epochs between reductions, 1 or more.</param>
    /// <param name="factor">Above 0 and at most 1.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public static LearningRateSchedule StepDecay(int everyEpochs = 10, float factor = 0.5f) =>
        Validated(new() { _form = Form.StepDecay, _every = everyEpochs, _factor = factor });

    /// <summary>The factor falls from 1 to <paramref name="floor"/> along half a cosine over all steps (Loshchilov and Hutter 2017).</summary>
    /// <param name="floor">The last factor, from 0 to 1; default 0.</param>
    /// <exception cref="ArgumentException">The value is outside its range.</exception>
    public static LearningRateSchedule Cosine(float floor = 0f) => Validated(new() { _form = Form.Cosine, _floor = floor });

    /// <summary>The same schedule, rising linearly from 1/<paramref name="steps"/> over the first steps.</summary>
    /// <param name="steps">Length of the warm-up in steps, 0 or more.</param>
    public LearningRateSchedule WithWarmUp(int steps) => Validated(this with { _warmUpSteps = steps });

    /// <summary>Whether the factor depends on how many steps the whole fit takes, so that a fit cannot be prolonged.</summary>
    internal bool SpansTheFit => _form == Form.Cosine;

    /// <summary>The factor at a step.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="totalSteps">Steps that the whole fit would take.</param>
    public double Factor(int epoch, long step, long totalSteps)
    {
        double factor = _form switch
        {
            Form.StepDecay => Math.Pow(_factor, epoch / _every),
            Form.Cosine => _floor + ((1 - _floor) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(step, totalSteps) / Math.Max(totalSteps, 1)))),
            _ => 1,
        };
        return step < _warmUpSteps ? factor * (step + 1) / _warmUpSteps : factor;
    }

    /// <summary>Reads a text form.</summary>
    /// <exception cref="SettingFormatException">The text is no such form; the message points at the offending character.</exception>
    public static LearningRateSchedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return s_parser.Read(text, 0, text.Length);
    }

    /// <summary>The text form; only values that differ from the defaults are printed.</summary>
    public override string ToString() => _form switch
    {
        Form.StepDecay => SettingText.Print("step", ("every", _every, 10), ("factor", _factor, 0.5f), ("warmup", _warmUpSteps, 0)),
        Form.Cosine => SettingText.Print("cosine", ("floor", _floor, 0), ("warmup", _warmUpSteps, 0)),
        _ => SettingText.Print("constant", ("warmup", _warmUpSteps, 0)),
    };

    private static LearningRateSchedule Validated(LearningRateSchedule schedule)
    {
        var errors = new OptionErrors(nameof(LearningRateSchedule));
        errors.Check(Ranges[0], schedule._every);
        errors.Check(Ranges[1], schedule._factor);
        errors.Check(Ranges[2], schedule._floor);
        errors.Check(Ranges[3], schedule._warmUpSteps);
        errors.ThrowIfAny();
        return schedule;
    }

    private static readonly SettingForm<LearningRateSchedule>[] s_forms =
    [
        new("constant", "constant[:warmup=STEPS]", a => Constant.WithWarmUp(WarmUp(a))),
        new("step", "step[:every=EPOCHS,factor=F,warmup=STEPS]", a =>
            StepDecay((int)a.Number("every", Ranges[0], 10), a.Number("factor", Ranges[1], 0.5f)).WithWarmUp(WarmUp(a))),
        new("cosine", "cosine[:floor=F,warmup=STEPS]", a => Cosine(a.Number("floor", Ranges[2], 0)).WithWarmUp(WarmUp(a))),
    ];

    private static readonly SettingParser<LearningRateSchedule> s_parser =
        new(nameof(LearningRateSchedule), s_forms, string.Join(", ", s_forms.Select(f => f.Usage)) + ".");

    private static int WarmUp(SettingArguments arguments) => (int)arguments.Number("warmup", Ranges[3], 0);
}
