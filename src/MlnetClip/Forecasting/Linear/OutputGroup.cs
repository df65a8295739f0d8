namespace MlnetClip.Forecasting;

/// <summary>Outputs of a linear fit that have the same observed rows.</summary>
/// <param name="Outputs">Their numbers.</param>
/// <param name="IsComplete">Whether they have a target in every row in which any output has one.</param>
internal sealed record OutputGroup(int[] Outputs, bool IsComplete);
