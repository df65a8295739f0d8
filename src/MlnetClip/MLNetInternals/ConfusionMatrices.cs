using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlnetClip.MLNetInternals;

/// <summary>Makes confusion matrices as Microsoft.ML's evaluators return them; the constructor is internal.</summary>
internal static class ConfusionMatrices
{
    /// <summary>A matrix of counts.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="counts">[K][K]: the true class, then the predicted one.</param>
    /// <param name="precision">The precision of each class.</param>
    /// <param name="recall">The recall of each class.</param>
    /// <param name="names">The names of the classes.</param>
    public static ConfusionMatrix Create(IHostEnvironment environment, double[][] counts, double[] precision, double[] recall, IEnumerable<string> names) =>
        new(environment.Register(nameof(ConfusionMatrix)), precision, recall, counts, [.. names.Select(name => name.AsMemory())], isSampled: false, isBinary: false);
}
