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

    /// <summary>Terms of the loss per sequence: the mean divides by this times the batch size.</summary>
    int LossTerms { get; }

    /// <summary>The threads that clipping and the optimizer may use between two calls; the caller's own by default.</summary>
    IWorkers Workers => SerialWorkers.Instance;

    /// <summary>
    /// What is done to the gradient inside the backward pass through time; nothing by default. It may change between two calls
    /// of <see cref="ComputeGradients"/>.
    /// </summary>
    /// <exception cref="NotSupportedException">Set to something that this backend cannot do.</exception>
    BackpropagationLimits BackpropClipping { get; set; }

    /// <summary>
    /// Share of the gradients propagated between time steps in the last <see cref="ComputeGradients"/>, one for each sequence, step and
    /// layer, that <see cref="BackpropClipping"/> limited; 0 without a limit.
    /// </summary>
    double ShareLimitedInside { get; }

    /// <summary>Runs forward, loss and backward; overwrites every gradient. Allocates nothing after the first call.</summary>
    /// <param name="batch">The batch: inputs [T, B, F], targets and weights [B, O].</param>
    /// <param name="dropoutSeed">Decides the dropout masks of this step; the same seed gives the same masks.</param>
    /// <returns>The mean loss over all observed targets of the batch; may be NaN or infinite.</returns>
    double ComputeGradients(SequenceBatch batch, ulong dropoutSeed);

    /// <summary>
    /// The 2-norm of what each time step contributed to the last <see cref="ComputeGradients"/>: of the derivative of the loss with respect to
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
