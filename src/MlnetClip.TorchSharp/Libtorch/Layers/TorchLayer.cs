using MlnetClip.Parameters;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace MlnetClip.Libtorch.Layers;

/// <summary>
/// A layer on the device, with its own backward pass, so that a layer may use libtorch's derivatives or compute them itself. What
/// <see cref="Forward"/> keeps for <see cref="Backward"/> belongs to the caller's dispose scope.
/// </summary>
internal abstract class TorchLayer : IDisposable
{
    /// <summary>The parameters of the layer, in the order of the model.</summary>
    public IReadOnlyList<TorchParameter> Parameters { get; protected init; } = [];

    /// <summary>The outputs.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="x">The inputs.</param>
    public abstract Tensor Forward(TorchPass pass, Tensor x);

    /// <summary>The derivatives with respect to the inputs, from those with respect to the outputs of the last <see cref="Forward"/>; stores those of the parameters.</summary>
    /// <param name="pass">The pass of <see cref="Forward"/>.</param>
    /// <param name="dY">The derivatives with respect to the outputs.</param>
    /// <param name="needsInput">Whether the result is needed.</param>
    /// <returns>The derivatives with respect to the inputs; null when they are not needed.</returns>
    public abstract Tensor? Backward(TorchPass pass, Tensor dY, bool needsInput);

    /// <summary>Releases the parameters.</summary>
    public virtual void Dispose()
    {
        foreach (TorchParameter parameter in Parameters) parameter.Value.Dispose();
    }

    /// <summary>A parameter of zeros, outside any dispose scope.</summary>
    protected static TorchParameter Create(Parameter parameter, torch.Device device, params ReadOnlySpan<long> shape) =>
        new(parameter, torch.zeros(shape, torch.ScalarType.Float32, device, requires_grad: true).DetachFromDisposeScope());
}
