using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>Reads the text forms of losses:  <c>mse</c>, <c>huber:1</c>, <c>crossentropy</c>, <c>binarycrossentropy</c>.</summary>
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

    private static readonly SettingForm<ILoss>[] s_forms =
    [
        new("mse", "mse", _ => new MseLoss()),
        new("huber", "huber[:DELTA]", a => new HuberLoss(a.Number(s_delta, 1f))),
        new("crossentropy", "crossentropy", _ => new CrossEntropyLoss()),
        new("binarycrossentropy", "binarycrossentropy", _ => new BinaryCrossEntropyLoss()),
    ];

    private static readonly SettingParser<ILoss> s_parser = new("Loss", s_forms, string.Join(", ", s_forms.Select(f => f.Usage)) + ".");
}
