using MlnetClip.Models;
using MlnetClip.Parameters;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace MlnetClip.Libtorch.Layers;

/// <summary>
/// A recurrent layer in one or both directions. Each pass uses libtorch's own operator where that can do what is asked, and
/// otherwise computes one time step after the other: for recurrent dropout, limits inside the backward pass, truncation and the contributions of time steps.
/// </summary>
internal sealed class RecurrentLayer : TorchLayer
{
    private readonly FusedRecurrence _fused;
    private readonly UnrolledDirection[] _directions;
    private readonly bool _dropsState;
    private bool _unrolled;

    /// <param name="spec">The layer.</param>
    /// <param name="parameters">weight_ih, weight_hh, bias_ih and bias_hh of the forward direction, then those of the backward one.</param>
    /// <param name="index">The layer's number among the recurrent layers.</param>
    /// <param name="device">The device.</param>
    public RecurrentLayer(RecurrentSpec spec, IReadOnlyList<Parameter> parameters, int index, torch.Device device)
    {
        _fused = new FusedRecurrence(spec, parameters, device);
        Parameters = _fused.Parameters;
        _dropsState = spec.RecurrentDropout > 0f;
        _directions = [.. Parameters.Chunk(4).Select((direction, n) => new UnrolledDirection(spec, direction, index, reverse: n == 1))];
    }

    public override Tensor Forward(TorchPass pass, Tensor x)
    {
        pass.ThrowIfCancelled();
        _unrolled = (_dropsState && pass.DropoutSeed is not null) || pass.Limits.HasLimit || pass.Limits.TruncateSteps is not null || pass.Squares is not null;
        if (!_unrolled) return _fused.Forward(pass, x);
        return _directions.Length == 1
            ? _directions[0].Forward(pass, x)
            : torch.cat([.. _directions.Select(direction => direction.Forward(pass, x))], 2);
    }

    public override Tensor? Backward(TorchPass pass, Tensor dY, bool needsInput)
    {
        pass.ThrowIfCancelled();
        if (!_unrolled) return _fused.Backward(pass, dY, needsInput);
        if (_directions.Length == 1) return _directions[0].Backward(pass, dY, needsInput);
        Tensor[] halves = dY.chunk(2, 2);
        Tensor? one = _directions[0].Backward(pass, halves[0], needsInput), other = _directions[1].Backward(pass, halves[1], needsInput);
        return needsInput ? one! + other! : null;
    }

    public override void Dispose()
    {
        base.Dispose();
        _fused.Dispose();
    }
}
