using MlnetClip.Settings;

namespace MlnetClip.Trainers;

/// <summary>The losses that compare numbers, for options of trainers that predict them.</summary>
internal static class RegressionLosses
{
    /// <summary>Reads the text form of a loss that compares numbers.</summary>
    /// <param name="text">The text form.</param>
    /// <param name="trainer">What takes it, as the error says: <c>a forecaster</c>.</param>
    /// <exception cref="FormatException">The text is no loss, or one that compares classes.</exception>
    public static ILoss Parse(string text, string trainer) => LossText.Parse(text) is var loss && ComparesNumbers(loss)
        ? loss
        : throw new FormatException($"'{text}' compares classes; {trainer} takes mse or huber:DELTA.");

    /// <summary>Adds an error where a loss compares classes.</summary>
    public static void Check(string option, ILoss loss, OptionErrors errors)
    {
        if (!ComparesNumbers(loss)) errors.Add(option, "must compare numbers, as mse and huber:1 do", loss.Text);
    }

    private static bool ComparesNumbers(ILoss loss) => loss is not (CrossEntropyLoss or BinaryCrossEntropyLoss);
}
