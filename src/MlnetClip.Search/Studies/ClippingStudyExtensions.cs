using MlnetClip;

namespace Microsoft.ML;

/// <summary>Studies of gradient clipping on <see cref="MLContext"/>.</summary>
public static class ClippingStudyExtensions
{
    /// <summary>Creates a study that finds how to clip the gradients of a pipeline.</summary>
    /// <param name="mlContext">The context; its seed is that of the study unless the options specify one.</param>
    /// <param name="options">The options; a pipeline is required.</param>
    /// <exception cref="ArgumentException">An option is outside its range or missing; all errors are reported together.</exception>
    public static ClippingStudy CreateClippingStudy(this MLContext mlContext, ClippingStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(options);
        return new ClippingStudy(mlContext, options, options.Seed ?? FitScope.SeedOf(mlContext) ?? 1);
    }
}
