using MlnetClip.Data;
using MlnetClip.Models;
using MlnetClip.Parameters;
using MlnetClip.Training;

namespace MlnetClip.Training;

/// <summary>
/// What the training loop needs from an engine: forward, loss and backward of one batch into a <see cref="ParameterSet"/>.
/// The loop and clipping are independent of the engine.
/// </summary>
public interface IBackend : IDisposable
{
    /// <summary>Values and gradients of the model being trained.</summary>
    ParameterSet Parameters { get; }

    /// <summary>Terms of the loss per sequence whose targets are all observed: the mean loss divides by this times the batch size.</summary>
    int LossTerms { get; }

    /// <summary>Threads that clipping and the optimizer may use between two calls of the backend.</summary>
    IWorkers Workers => SerialWorkers.Instance;

    /// <summary>
    /// Limits on the gradient inside the backward pass through time; none by default. May be changed between two calls of
    /// <see cref="ComputeGradients"/>.
    /// </summary>
    /// <exception cref="NotSupportedException">This backend does not support the limit.</exception>
    BackpropLimits BackpropClipping { get; set; }

    /// <summary>
    /// Share of the gradients propagated between time steps in the last <see cref="ComputeGradients"/>, one for each sequence, step and
    /// layer, that <see cref="BackpropClipping"/> limited; 0 without limits.
    /// </summary>
    double ShareLimitedInside { get; }

    /// <summary>
    /// Ends <see cref="ComputeGradients"/> early with an <see cref="OperationCanceledException"/>; the gradients are then undefined, and the parameters unchanged. Default: none. A
    /// backend may ignore it.
    /// </summary>
    CancellationToken Cancellation
    {
        get => default;
        set { }
    }

    /// <summary>Runs forward, loss and backward; overwrites every gradient.</summary>
    /// <param name="batch">The batch; the padding after the end of its sequences is set to zero.</param>
    /// <param name="dropoutSeed">The seed of the dropout masks of this step; the same seed gives the same masks.</param>
    /// <returns>
    /// The loss summed over the observed targets, which may be NaN or infinite, and the sum of their weights. The gradient is that of the
    /// summed loss, so that gradients of several batches add up; divide it once by the sum of the weights to get that of the mean.
    /// </returns>
    /// <exception cref="OperationCanceledException"><see cref="Cancellation"/> was cancelled.</exception>
    BatchSums ComputeGradients(SequenceBatch batch, ulong dropoutSeed);

    /// <summary>
    /// The 2-norm of what each time step contributed to the last <see cref="ComputeGradients"/>: of the derivative of its mean loss with respect
    /// to the gate sums of all recurrent layers at that step. Norms that decrease strongly towards the first step mean a vanishing gradient.
    /// </summary>
    /// <param name="norms">Receives the norm for each time step of that batch, [T].</param>
    /// <exception cref="NotSupportedException">This backend cannot measure them.</exception>
    void TimeStepNorms(Span<double> norms);

    /// <summary>Runs forward and loss without dropout; does not change gradients.</summary>
    BatchSums ComputeLoss(SequenceBatch batch);
}
