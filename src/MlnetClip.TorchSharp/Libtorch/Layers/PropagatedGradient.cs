using MlnetClip.Training;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace MlnetClip.Libtorch.Layers;

/// <summary>Limits the gradient propagated from a time step to the one before, each element or its norm for each sequence, and counts what it limited.</summary>
/// <param name="pass">The pass, which gets the counts.</param>
internal sealed class PropagatedGradient(TorchPass pass)
{
    private readonly List<Tensor> _limited = [];

    /// <summary>Limits the gradient with respect to both states of a step.</summary>
    /// <param name="dH">Of the hidden state, [B, H].</param>
    /// <param name="dC">Of the state c; null without one.</param>
    public (Tensor H, Tensor? C) Limit(Tensor dH, Tensor? dC)
    {
        BackpropLimits limits = pass.Limits;
        if (!limits.HasLimit) return (dH, dC);
        pass.Passed += pass.BatchSize;
        if (limits.Value is { } value)
        {
            Tensor above = (dH.abs() > value).any(1);
            if (dC is not null) above = above.logical_or((dC.abs() > value).any(1));
            _limited.Add(above.sum());
            return (dH.clamp(-value, value), dC?.clamp(-value, value));
        }

        double limit = limits.Norm!.Value;
        Tensor squares = Squares(dH), norm = (dC is null ? squares : squares + Squares(dC)).sqrt(), exceeds = norm > limit;
        _limited.Add(exceeds.sum());
        Tensor scale = torch.where(exceeds, limit / norm, torch.ones_like(norm)).to_type(torch.ScalarType.Float32);
        return (dH * scale, dC is null ? null : dC * scale);
    }

    /// <summary>Adds what was limited to the pass's count: once for all steps, because reading a value waits for the device.</summary>
    public void Count()
    {
        if (_limited.Count > 0) pass.Limited += torch.stack(_limited, 0).sum().cpu().item<long>();
    }

    private static Tensor Squares(Tensor values) => values.to_type(torch.ScalarType.Float64).square().sum(1, keepdim: true);
}
