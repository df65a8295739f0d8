using MlnetClip.Parameters;
using Tensor = TorchSharp.torch.Tensor;

namespace MlnetClip.Libtorch;

/// <summary>A parameter's tensor on the device.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Value">Its values, a leaf of the graphs of derivatives.</param>
internal sealed record TorchParameter(Parameter Parameter, Tensor Value);
