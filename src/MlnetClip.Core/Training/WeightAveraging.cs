using System.Globalization;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// Averaged weights: a fit validates and keeps an average of its weights instead of the weights themselves. Immutable, equal by value, with a text form: <c>ema:0.999</c>, <c>swa:0.75</c>.
/// </summary>
public sealed record WeightAveraging
{
    private static readonly OptionRange DecayRange = new("decay", 0, 1, MinimumLegal: false, MaximumLegal: false);
    private static readonly OptionRange StartRange = new("start", 0, 1, MaximumLegal: false);

    private static readonly SettingForm<WeightAveraging>[] s_forms =
    [
        new("ema", "ema[:DECAY]", a => ExponentialMoving(a.Number(DecayRange, 0.999f))),
        new("swa", "swa[:START]", a => Stochastic(a.Number(StartRange, 0.75f))),
    ];

    private static readonly SettingParser<WeightAveraging> s_parser = new(nameof(WeightAveraging), s_forms, "ema[:DECAY], swa[:START].");

    private WeightAveraging(bool isMoving, float number) => (IsMoving, Number) = (isMoving, number);

    /// <summary>
    /// An exponential moving average after every step, <c>a += (1 - d) (w - a)</c>, where d is <paramref name="decay"/>, but in the n-th step at most n / (9 + n), so that the first weights are soon
    /// forgotten. Text: <c>ema:0.999</c>.
    /// </summary>
    /// <param name="decay">Above 0 and below 1; default 0.999.</param>
    /// <exception cref="ArgumentException">The value is outside its range.</exception>
    public static WeightAveraging ExponentialMoving(float decay = 0.999f) => new(isMoving: true, Check(nameof(ExponentialMoving), DecayRange, decay));

    /// <summary>
    /// Stochastic weight averaging (Izmailov et al. 2018, arXiv:1803.05407): the mean of the weights at the end of each epoch after a share of the epochs; before that, the weights themselves. A learning
    /// rate that stays high or restarts in these epochs suits it. Text: <c>swa:0.75</c>.
    /// </summary>
    /// <param name="start">The share of the epochs before the first one that is averaged, 0 or more and below 1; default 0.75.</param>
    /// <exception cref="ArgumentException">The value is outside its range.</exception>
    public static WeightAveraging Stochastic(float start = 0.75f) => new(isMoving: false, Check(nameof(Stochastic), StartRange, start));

    /// <summary>Whether the average moves with every step.</summary>
    internal bool IsMoving { get; }

    /// <summary>The decay of a moving average; else the share of the epochs before the first one that is averaged.</summary>
    internal float Number { get; }

    /// <summary>Reads a text form.</summary>
    /// <exception cref="SettingFormatException">The text is not a legal form; the message points at the offending character.</exception>
    public static WeightAveraging Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return s_parser.Read(text, 0, text.Length);
    }

    /// <summary>The text form.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsMoving ? "ema" : "swa")}:{SettingNumber.Print(Number)}");

    private static float Check(string method, OptionRange range, float value)
    {
        var errors = new OptionErrors($"{nameof(WeightAveraging)}.{method}");
        errors.Check(range, value);
        errors.ThrowIfAny();
        return value;
    }
}
