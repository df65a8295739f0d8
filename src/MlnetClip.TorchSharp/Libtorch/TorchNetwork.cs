using MlnetClip.Libtorch.Layers;
using MlnetClip.Models;
using MlnetClip.Parameters;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace MlnetClip.Libtorch;

/// <summary>A model on the device: inputs, layers, pooling and head, each with its forward and backward pass.</summary>
internal sealed class TorchNetwork : IDisposable
{
    private readonly List<TorchLayer> _layers = []; // from the inputs to the head
    private readonly int _firstTrained; // the lowest layer with parameters: no layer below it needs derivatives

    /// <param name="spec">The model.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="device">The device.</param>
    public TorchNetwork(ModelSpec spec, ParameterSet parameters, torch.Device device)
    {
        var queue = new Queue<Parameter>(parameters.Items);
        Parameter[] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => queue.Dequeue())];
        if (spec.Embeddings.Count > 0) _layers.Add(new InputLayer(Take(spec.Embeddings.Count), device));
        int columns = spec.Features + spec.Embeddings.Sum(embedding => embedding.Size), reverseFrom = -1, recurrent = 0, dropouts = 0;
        foreach (LayerSpec layer in spec.Layers)
        {
            switch (layer)
            {
                case RecurrentSpec cell:
                    _layers.Add(new RecurrentLayer(cell, Take(cell.Bidirectional ? 8 : 4), recurrent++, device));
                    columns = cell.HiddenSize * (cell.Bidirectional ? 2 : 1);
                    reverseFrom = cell.Bidirectional ? cell.HiddenSize : -1;
                    break;
                case LayerNormalizationSpec norm:
                    _layers.Add(new NormalizationLayer(norm, Take(2), device));
                    break;
                case DropoutSpec dropout:
                    _layers.Add(new DropoutLayer(columns, dropout.Probability, dropouts++));
                    break;
            }
        }

        if (spec.Head.Pooling != Pooling.EveryStep) _layers.Add(new Pooler(spec.Head.Pooling, columns, reverseFrom < 0 ? columns : reverseFrom));
        _layers.Add(new DenseHead(Take(2), device));
        Parameters = [.. _layers.SelectMany(layer => layer.Parameters)];
        _firstTrained = _layers.FindIndex(layer => layer.Parameters.Count > 0);
    }

    /// <summary>All parameters.</summary>
    public IReadOnlyList<TorchParameter> Parameters { get; }

    /// <summary>The outputs, [T, B, O] or [B, O].</summary>
    public Tensor Forward(TorchPass pass)
    {
        Tensor? x = pass.Features;
        foreach (TorchLayer layer in _layers) x = layer.Forward(pass, x ?? pass.Ids!);
        return x!;
    }

    /// <summary>Stores the derivatives of all parameters, from those with respect to the outputs of the last <see cref="Forward"/>.</summary>
    public void Backward(TorchPass pass, Tensor dY)
    {
        Tensor? gradient = dY;
        for (int k = _layers.Count - 1; k >= _firstTrained; k--) gradient = _layers[k].Backward(pass, gradient!, needsInput: k > _firstTrained);
    }

    /// <summary>Releases all parameters.</summary>
    public void Dispose() => _layers.ForEach(layer => layer.Dispose());
}
