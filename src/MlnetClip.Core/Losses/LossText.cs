using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>Reads the text forms of losses: <c>mse</c>, <c>huber:1</c>, <c>pinball:0.1,0.5,0.9</c>, <c>crossentropy</c>, <c>binarycrossentropy</c>.</summary>
public static class LossText
{
    /// <summary>Reads a text form; the <see cref="ILoss.Text"/> of the loss is the same text.</summary>
    /// <exception cref="SettingFormatException">The text is not a loss; the message points at the offending character and lists the legal forms.</exception>
    public static ILoss Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return s_parser.Read(text, 0, text.Length);
    }

    private static readonly OptionRange s_delta = new("delta", 0, MinimumLegal: false);

    private static readonly OptionRange s_level = new("level", 0, 1, MinimumLegal: false, MaximumLegal: false);

    private static readonly SettingForm<ILoss>[] s_forms =
    [
        new("mse", "mse", _ => new MseLoss()),
        new("huber", "huber[:DELTA]", a => new HuberLoss(a.Number(s_delta, 1f))),
        new("pinball", "pinball:LEVEL,LEVEL,...", Pinball, ", with quantile levels in ascending order."),
        new("crossentropy", "crossentropy[:smoothing=S]", a => new CrossEntropyLoss(a.Number("smoothing", CrossEntropyLoss.SmoothingRange, 0f))),
        new("binarycrossentropy", "binarycrossentropy[:smoothing=S]", a => new BinaryCrossEntropyLoss(a.Number("smoothing", CrossEntropyLoss.SmoothingRange, 0f))),
    ];

    private static PinballLoss Pinball(SettingArguments arguments)
    {
        var levels = new List<float>();
        do levels.Add(arguments.Number(s_level));
        while (arguments.Positional > 0);
        return PinballLoss.ProblemWith(levels.ToArray()) is { } problem ? throw arguments.Fail($"the levels {problem}") : new PinballLoss(levels.ToArray());
    }

    private static readonly SettingParser<ILoss> s_parser = new("Loss", s_forms, string.Join(", ", s_forms.Select(f => f.Usage)) + ".");
}
