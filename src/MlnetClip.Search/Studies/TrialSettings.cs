namespace MlnetClip;

/// <summary>The settings of the pipeline in one trial.</summary>
/// <param name="Clipping">The clipping of the gradients.</param>
/// <param name="LearningRate">The learning rate; null unless learning rates are searched.</param>
/// <param name="BatchSize">The batch size; null unless batch sizes are searched.</param>
public sealed record TrialSettings(GradientClipping Clipping, float? LearningRate, int? BatchSize);
