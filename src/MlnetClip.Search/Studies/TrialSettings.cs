using System.Globalization;

namespace MlnetClip;

/// <summary>The settings of the pipeline in one trial.</summary>
/// <param name="Clipping">The clipping of the gradients.</param>
/// <param name="LearningRate">The learning rate; null unless learning rates are searched.</param>
/// <param name="BatchSize">The batch size; null unless batch sizes are searched.</param>
public sealed record TrialSettings(GradientClipping Clipping, float? LearningRate, int? BatchSize)
{
    /// <summary>The settings in words, for example <c>norm:0.5, learning rate 0.002, batch size 32</c>; what is not searched is left out.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Clipping}{(LearningRate is { } rate ? $", learning rate {rate:R}" : "")}{(BatchSize is { } size ? $", batch size {size}" : "")}");
}
