using MlnetClip.Data;
using MlnetClip.Training;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace MlnetClip.Libtorch;

/// <summary>What all layers need to know about one pass over a batch, and what they count in it. Its tensors belong to the caller's dispose scope.</summary>
internal sealed class TorchPass
{
    private readonly CancellationToken _cancellation;

    /// <param name="batch">The batch, with its padding cleared.</param>
    /// <param name="device">The device.</param>
    /// <param name="dropoutSeed">The seed of the dropout masks; null for no dropout.</param>
    /// <param name="wantsGradient">Whether a backward pass follows.</param>
    /// <param name="cancellation">Ends the pass early.</param>
    public TorchPass(SequenceBatch batch, torch.Device device, ulong? dropoutSeed, bool wantsGradient, CancellationToken cancellation = default)
    {
        (TimeSteps, BatchSize, Device, DropoutSeed, WantsGradient, _cancellation) = (batch.TimeSteps, batch.BatchSize, device, dropoutSeed, wantsGradient, cancellation);
        Features = batch.Shape.Features == 0 ? null : HostTensor.From(batch.Inputs, device, TimeSteps, BatchSize, batch.Shape.Features);
        Ids = batch.Shape.Ids == 0 ? null : HostTensor.From(batch.Ids, device, TimeSteps, BatchSize, batch.Shape.Ids);
        if (batch.IsFull) return;
        Lengths = batch.Lengths.ToArray();
        LengthTensor = HostTensor.From(Lengths, torch.CPU, BatchSize);
        using Tensor steps = torch.arange(TimeSteps, torch.ScalarType.Int64).view(TimeSteps, 1, 1);
        Padding = (steps >= LengthTensor.view(1, BatchSize, 1)).to(device);
    }

    /// <summary>T.</summary>
    public int TimeSteps { get; }

    /// <summary>B.</summary>
    public int BatchSize { get; }

    /// <summary>The device of all tensors but <see cref="LengthTensor"/>.</summary>
    public torch.Device Device { get; }

    /// <summary>[T, B, F]; null without features.</summary>
    public Tensor? Features { get; }

    /// <summary>[T, B, C]; null without ids.</summary>
    public Tensor? Ids { get; }

    /// <summary>Time steps of each sequence, [B]; null when all have T.</summary>
    public int[]? Lengths { get; }

    /// <summary><see cref="Lengths"/> on the CPU.</summary>
    public Tensor? LengthTensor { get; }

    /// <summary>True after the end of a sequence, [T, B, 1]; null without padding.</summary>
    public Tensor? Padding { get; }

    /// <summary>The seed of the dropout masks; null for no dropout.</summary>
    public ulong? DropoutSeed { get; }

    /// <summary>Whether a backward pass follows.</summary>
    public bool WantsGradient { get; }

    /// <summary>The limits inside the backward pass, for the sum of the losses; set before the forward pass, because the layers choose their form by it.</summary>
    public BackpropLimits Limits { get; set; }

    /// <summary>
    /// Receives for each time step the sum of squares of the derivatives of the gate sums of all recurrent layers, [T]; null when they are not measured.
    /// </summary>
    public double[]? Squares { get; init; }

    /// <summary>Receives the gradient of a parameter. Default: none.</summary>
    public Action<TorchParameter, Tensor>? Store { get; init; }

    /// <summary>Gradients propagated between time steps.</summary>
    public long Passed { get; set; }

    /// <summary>Those of them that were limited.</summary>
    public long Limited { get; set; }

    /// <summary>Throws where the pass is to end early.</summary>
    public void ThrowIfCancelled() => _cancellation.ThrowIfCancellationRequested();
}
