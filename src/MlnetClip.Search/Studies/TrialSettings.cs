namespace MlnetClip;

/// <summary>What one trial asks of the pipeline.</summary>
/// <param name="Clipping">How gradients are to be clipped.</param>
/// <param name="LearningRate">The learning rate; null unless learning rates are searched.</param>
/// <param name="BatchSize">The batch size; null unless batch sizes are searched.</param>
public sealed record TrialSettings(GradientClipping Clipping, float? LearningRate, int? BatchSize);
