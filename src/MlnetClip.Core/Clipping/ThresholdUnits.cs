namespace MlnetClip;

/// <summary>
/// The loss for whose gradient a threshold was chosen. MlnetClip uses the gradient of the mean loss over batch and
/// outputs; a threshold from a paper or another library that sums the loss is divided accordingly, by the sizes of each step.
/// </summary>
public enum ThresholdUnits
{
    /// <summary>The mean loss over batch and outputs: no conversion. The default.</summary>
    MeanLoss,

    /// <summary>
    /// The loss summed over the predicted steps of each sequence and averaged over the batch (Zaremba 2014: 5 with 20
    /// steps is 0.25 here). The threshold is divided by the terms of the loss per sequence, which is a forecaster's horizon.
    /// </summary>
    SumOverSteps,

    /// <summary>The loss summed over the batch and averaged over outputs. The threshold is divided by the size of the batch.</summary>
    SumOverBatch,

    /// <summary>
    /// A threshold per sample, as in CNTK, which multiplies it by the number of samples and compares it with the gradient of the
    /// loss summed over them. That is the same as a threshold for the mean loss: no conversion.
    /// </summary>
    PerSample,
}
