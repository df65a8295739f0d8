using MlnetClip.Settings;

namespace MlnetClip.Trainers;

/// <summary>The losses that compare numbers, for options of trainers that predict them.</summary>
internal static class RegressionLosses
{
    /// <summary>Reads the text form of a loss that compares numbers.</summary>
    /// <param name="text">The text form.</param>
    /// <param name="trainer">The trainer in the error message, for example <c>a forecaster</c>.</param>
    /// <exception cref="FormatException">The text is not a loss, or it is a loss between classes or of several quantiles.</exception>
    public static ILoss Parse(string text, string trainer)
    {
        ILoss loss = LossText.Parse(text);
        return ProblemWith(loss) is { } problem ? throw new FormatException($"'{text}' is {problem}; {trainer} needs mse or huber:DELTA.") : loss;
    }

    /// <summary>Adds an error where a loss compares classes, or has several outputs for a target.</summary>
    public static void Check(string option, ILoss loss, OptionErrors errors)
    {
        if (ProblemWith(loss) is not null) errors.Add(option, "must be a loss between numbers, such as mse or huber:1", loss.Text);
    }

    private static string? ProblemWith(ILoss loss) => loss switch
    {
        CrossEntropyLoss or BinaryCrossEntropyLoss => "a loss between classes",
        PinballLoss { Quantiles.Count: > 1 } => "a loss of several quantiles",
        _ => null,
    };
}
