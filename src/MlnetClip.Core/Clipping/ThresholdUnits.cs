namespace MlnetClip;

/// <summary>
/// For the gradient of which loss a threshold was chosen. Training here takes the gradient of the mean loss over batch and
/// outputs; a threshold from a paper or another system that sums the loss is divided accordingly, with this step's sizes.
/// </summary>
public enum ThresholdUnits
{
    /// <summary>The mean loss over batch and outputs: no conversion. The default.</summary>
    MeanLoss,

    /// <summary>
    /// The loss summed over the steps that are predicted in each sequence, the mean over the batch (Zaremba 2014: 5 with 20
    /// steps is 0.25 here): divided by the terms of the loss per sequence, a forecaster's horizon.
    /// </summary>
    SumOverSteps,

    /// <summary>The loss summed over the batch, the mean over outputs: divided by this batch's size.</summary>
    SumOverBatch,

    /// <summary>
    /// A threshold per sample that is multiplied by the number of samples before it meets the gradient of the loss summed
    /// over them (CNTK). Both sides grow alike, so this is the mean loss's threshold: divided by 1.
    /// </summary>
    PerSample,
}
