using MlnetClip.Clipping;
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

    /// <summary>Terms of the loss per sequence: by them and the batch size its mean is taken.</summary>
    int LossTerms { get; }

    /// <summary>
    /// What is done to the gradient inside the backward pass through time; null, the default, for nothing. Its limit may move between
    /// two calls of <see cref="ComputeGradients"/>.
    /// </summary>
    /// <exception cref="NotSupportedException">Set to something that this backend cannot do.</exception>
    BackpropagationClipping? Inside { get; set; }

    /// <summary>
    /// Share of what time steps passed to the ones before them in the last <see cref="ComputeGradients"/>, one for each sequence, step and
    /// layer, that <see cref="Inside"/> limited; 0 where nothing does.
    /// </summary>
    double ShareLimitedInside { get; }

    /// <summary>Runs forward, loss and backward; overwrites every gradient. Allocates nothing after the first call.</summary>
    /// <param name="batch">The batch: inputs [T, B, F], targets and weights [B, O].</param>
    /// <param name="dropoutSeed">Decides the dropout masks of this step; the same seed gives the same masks.</param>
    /// <returns>The mean loss over all observed targets of the batch; may be NaN or infinite.</returns>
    double ComputeGradients(SequenceBatch batch, ulong dropoutSeed);

    /// <summary>
    /// The 2-norm of what each time step contributed to the last <see cref="ComputeGradients"/>: of the derivative of the loss by
    /// the sums of all recurrent layers at that step. Norms that fall far towards the first step are a vanishing gradient.
    /// </summary>
    /// <param name="norms">Receives a norm for each time step, [T].</param>
    /// <exception cref="NotSupportedException">This backend cannot tell.</exception>
    void TimeStepNorms(Span<double> norms);

    /// <summary>Runs forward and loss without dropout; leaves gradients as they are.</summary>
    /// <returns>The loss summed over the observed targets and their number, so that batches add up exactly.</returns>
    (double LossSum, double WeightSum) ComputeLoss(SequenceBatch batch);

    /// <summary>Runs forward without dropout.</summary>
    /// <param name="batch">The batch; its targets are not read.</param>
    /// <param name="outputs">Receives [B, O].</param>
    void Predict(SequenceBatch batch, Span<float> outputs);
}
