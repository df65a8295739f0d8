using MlnetClip.Data;
using MlnetClip.Parameters;

namespace MlnetClip.Training;

/// <summary>
/// What the training loop needs of an engine: forward, loss and backward of one batch into a <see cref="ParameterSet"/>.
/// Neither the loop nor clipping knows which engine it is.
/// </summary>
public interface ITrainingBackend : IDisposable
{
    /// <summary>Values and gradients of the model being trained.</summary>
    ParameterSet Parameters { get; }

    /// <summary>Runs forward, loss and backward; overwrites every gradient. Allocates nothing after the first call.</summary>
    /// <param name="batch">The batch: inputs [T, B, F], targets and weights [B, O].</param>
    /// <param name="dropoutSeed">Decides the dropout masks of this step; the same seed gives the same masks.</param>
    /// <returns>The mean loss over all observed targets of the batch; may be NaN or infinite.</returns>
    double ComputeGradients(SequenceBatch batch, ulong dropoutSeed);

    /// <summary>Runs forward and loss without dropout; leaves gradients as they are.</summary>
    /// <returns>The loss summed over the observed targets and their number, so that batches add up exactly.</returns>
    (double LossSum, double WeightSum) ComputeLoss(SequenceBatch batch);

    /// <summary>Runs forward without dropout.</summary>
    /// <param name="batch">The batch; its targets are not read.</param>
    /// <param name="outputs">Receives [B, O].</param>
    void Predict(SequenceBatch batch, Span<float> outputs);
}
