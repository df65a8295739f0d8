using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace MlnetClip.Libtorch.Layers;

/// <summary>A layer whose derivatives are libtorch's: a graph of its own, from its inputs and parameters to its outputs.</summary>
internal abstract class AutogradLayer : TorchLayer
{
    private Tensor? _x, _y;

    /// <summary>The outputs.</summary>
    protected abstract Tensor Compute(TorchPass pass, Tensor x);

    /// <summary>The outputs of a pass that no backward pass follows.</summary>
    protected virtual Tensor Evaluate(TorchPass pass, Tensor x) => Compute(pass, x);

    /// <inheritdoc/>
    public sealed override Tensor Forward(TorchPass pass, Tensor x)
    {
        if (!pass.WantsGradient) return Evaluate(pass, x);
        using var gradient = torch.enable_grad();
        _x = x.is_floating_point() ? x.detach().requires_grad_() : x; // ids have no derivative
        _y = Compute(pass, _x);
        return _y.detach();
    }

    /// <inheritdoc/>
    public sealed override Tensor? Backward(TorchPass pass, Tensor dY, bool needsInput)
    {
        var inputs = new List<Tensor>(Parameters.Count + 1);
        foreach (TorchParameter parameter in Parameters) inputs.Add(parameter.Value);
        if (needsInput) inputs.Add(_x!);
        if (inputs.Count == 0) return null;
        IList<Tensor> gradients = torch.autograd.grad([_y!], inputs, [dY]);
        for (int i = 0; i < Parameters.Count; i++) pass.Store?.Invoke(Parameters[i], gradients[i]);
        (_x, _y) = (null, null);
        return needsInput ? gradients[^1] : null;
    }
}
