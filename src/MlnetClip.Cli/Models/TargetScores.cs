namespace MlnetClip.Cli.Models;

/// <summary>A model's scores on one target, over all series.</summary>
/// <param name="Target">The column in the file.</param>
/// <param name="Scores">The scores.</param>
internal sealed record TargetScores(string Target, ForecastScores Scores);
