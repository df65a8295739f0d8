using System.Globalization;

namespace MlnetClip.Losses;

/// <summary>The text forms of losses: <c>mse</c>, <c>huber:1</c>, <c>crossentropy</c>.</summary>
public static class LossText
{
    private const string Hint = "Hint: write mse, huber:DELTA (for example huber:1) or crossentropy.";

    /// <summary>The loss of a text form; its <see cref="ILoss.Text"/> gives the text back.</summary>
    /// <param name="text">A text form; case and surrounding spaces do not matter.</param>
    /// <exception cref="FormatException">The text is no loss; the message says what is.</exception>
    public static ILoss Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Trim().Split(':');
        switch (parts[0].ToUpperInvariant(), parts.Length)
        {
            case ("MSE", 1): return new MseLoss();
            case ("CROSSENTROPY", 1): return new CrossEntropyLoss();
            case ("HUBER", 1): return new HuberLoss();
            case ("HUBER", 2):
                if (float.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out float delta) && delta > 0f && float.IsFinite(delta))
                    return new HuberLoss(delta);
                throw new FormatException($"Loss '{text}': delta must be above 0 and finite, but is '{parts[1]}'.{Environment.NewLine}{Hint}");
            default: throw new FormatException($"There is no loss '{text}'.{Environment.NewLine}{Hint}");
        }
    }
}
