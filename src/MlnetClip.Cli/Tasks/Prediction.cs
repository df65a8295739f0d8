namespace MlnetClip.Cli.Tasks;

/// <summary>A prediction: a text or a number, and the numbers that follow it.</summary>
/// <param name="Label">The predicted label; null for a number, which is the first value.</param>
/// <param name="Values">A number, or probabilities.</param>
internal sealed record Prediction(string? Label, IReadOnlyList<double> Values);
