using MlnetClip;
using MlnetClip.MLNetInternals;
using MlnetClip.Sequences;

namespace Microsoft.ML;

/// <summary>Evaluates sequence labeling, in addition to the <c>Evaluate</c> of <see cref="MulticlassClassificationCatalog"/>.</summary>
public static class SequenceLabelingCatalog
{
    /// <summary>Evaluates labels of time steps: accuracy, log loss and confusion matrix over all labeled steps, and the share of sequences that are entirely correct.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The scored data.</param>
    /// <param name="labelColumnName">The column of true labels, vectors of keys; steps whose key is missing (0) do not count.</param>
    /// <param name="scoreColumnName">The column of probabilities, vectors [T, K] of type Single.</param>
    /// <param name="predictedLabelColumnName">The column of predicted labels, vectors of keys.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">No step can be evaluated, labels and predictions have different keys, or a row has more or fewer labels than predictions.</exception>
    public static SequenceLabelingMetrics EvaluateSteps(
        this MulticlassClassificationCatalog catalog, IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score", string predictedLabelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        MicrosoftMLVersion.Check();
        return new StepEvaluation(HostAccess.EnvironmentOf(catalog), data, labelColumnName, scoreColumnName, predictedLabelColumnName).Run();
    }
}
