using MlnetClip.Parameters;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace MlnetClip.Libtorch.Layers;

/// <summary>The dense head: y = h W^T + b.</summary>
internal sealed class DenseHead : AutogradLayer
{
    /// <param name="parameters">Weight [O, H] and bias [O].</param>
    /// <param name="device">The device.</param>
    public DenseHead(IReadOnlyList<Parameter> parameters, torch.Device device) =>
        Parameters = [Create(parameters[0], device, parameters[0].Rows, parameters[0].Columns), Create(parameters[1], device, parameters[1].Rows)];

    protected override Tensor Compute(TorchPass pass, Tensor x) => torch.nn.functional.linear(x, Parameters[0].Value, Parameters[1].Value);
}
