using MlnetClip.Layers;
using Tensor = TorchSharp.torch.Tensor;

namespace MlnetClip.Libtorch.Layers;

/// <summary>Dropout of a layer's outputs, with the masks of the managed engine; nothing outside training.</summary>
/// <param name="columns">Columns of what is dropped.</param>
/// <param name="probability">p, 0 or more and below 1.</param>
/// <param name="index">The layer's number among the dropout layers.</param>
internal sealed class DropoutLayer(int columns, float probability, int index) : TorchLayer
{
    private float[] _host = [];
    private Tensor? _mask;

    public override Tensor Forward(TorchPass pass, Tensor x)
    {
        _mask = null;
        if (pass.DropoutSeed is not { } seed || probability == 0f) return x;
        int length = pass.TimeSteps * pass.BatchSize * columns;
        if (_host.Length < length) _host = new float[length];
        Span<float> mask = _host.AsSpan(0, length);
        DropoutMask.Fill(mask, columns, probability, seed, index);
        _mask = HostTensor.From(mask, pass.Device, pass.TimeSteps, pass.BatchSize, columns);
        return x * _mask;
    }

    public override Tensor? Backward(TorchPass pass, Tensor dY, bool needsInput) => !needsInput ? null : _mask is null ? dY : dY * _mask;
}
