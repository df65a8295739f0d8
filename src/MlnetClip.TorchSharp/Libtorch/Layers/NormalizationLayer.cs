using MlnetClip.Models;
using MlnetClip.Parameters;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace MlnetClip.Libtorch.Layers;

/// <summary>Layer normalization of each row.</summary>
internal sealed class NormalizationLayer : AutogradLayer
{
    private readonly float _epsilon;

    /// <param name="spec">The layer.</param>
    /// <param name="parameters">Weight and bias.</param>
    /// <param name="device">The device.</param>
    public NormalizationLayer(LayerNormalizationSpec spec, IReadOnlyList<Parameter> parameters, torch.Device device)
    {
        _epsilon = spec.Epsilon;
        Parameters = [.. parameters.Select(parameter => Create(parameter, device, parameter.Rows))];
    }

    protected override Tensor Compute(TorchPass pass, Tensor x) =>
        torch.nn.functional.layer_norm(x, [x.shape[^1]], Parameters[0].Value, Parameters[1].Value, _epsilon);
}
