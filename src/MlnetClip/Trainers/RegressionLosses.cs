using MlnetClip.Settings;

namespace MlnetClip.Trainers;

/// <summary>The losses that compare numbers, for options of trainers that predict them.</summary>
internal static class RegressionLosses
{
    /// <summary>Reads the text form of a loss that compares numbers.</summary>
    /// <param name="text">The text form.</param>
    /// <param name="trainer">The trainer in the error message, for example <c>a forecaster</c>.</param>
    /// <exception cref="FormatException">The text is not a loss, or it is a loss between classes.</exception>
    public static ILoss Parse(string text, string trainer) => LossText.Parse(text) is var loss && ComparesNumbers(loss)
        ? loss
        : throw new FormatException($"'{text}' is a loss between classes; {trainer} needs mse or huber:DELTA.");

    /// <summary>Adds an error where a loss compares classes.</summary>
    public static void Check(string option, ILoss loss, OptionErrors errors)
    {
        if (!ComparesNumbers(loss)) errors.Add(option, "must be a loss between numbers, such as mse or huber:1", loss.Text);
    }

    private static bool ComparesNumbers(ILoss loss) => loss is not (CrossEntropyLoss or BinaryCrossEntropyLoss);
}
