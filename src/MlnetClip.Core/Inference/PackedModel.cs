using MlnetClip.Kernels;
using MlnetClip.Layers;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Inference;

/// <summary>
/// A model's weights, packed for prediction: created once, immutable, and shared by any number of
/// <see cref="SequencePredictor"/>s and <see cref="BatchPredictor"/>s on any threads.
/// </summary>
public sealed unsafe class PackedModel
{
    private readonly AlignedBuffer? _tables;

    /// <summary>Packs the weights.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">All values in the order of <see cref="ModelLayout.Create"/>; copied.</param>
    /// <exception cref="ArgumentException">The number of values differs from the model's, or a size is outside its range.</exception>
    public PackedModel(ModelSpec model, ReadOnlyMemory<float> weights)
        : this(model, weights, KernelSet.Best)
    {
    }

    internal PackedModel(ModelSpec model, ReadOnlyMemory<float> weights, KernelSet kernels)
    {
        Parameter[] parameters = ParameterSet.LayOut(ModelLayout.Create(model));
        int length = parameters[^1].Offset + parameters[^1].Length;
        if (weights.Length != length)
            throw new ArgumentException($"The model has {length} parameters, but {weights.Length} values were given.", nameof(weights));
        (Model, Kernels) = (model, kernels);
        var queue = new Queue<Parameter>(parameters);
        Parameter[] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => queue.Dequeue())];
        fixed (float* values = weights.Span)
        {
            Tables = Take(model.Embeddings.Count);
            if (Tables.Length > 0)
            {
                // Embeddings come first, so that the tables keep their offsets.
                int end = Tables[^1].Offset + Tables[^1].Length;
                _tables = new AlignedBuffer(end);
                weights.Span[..end].CopyTo(_tables.Span);
            }

            var layers = new List<object>();
            foreach (LayerSpec layer in model.Layers)
            {
                if (layer is RecurrentSpec recurrent)
                {
                    for (int direction = 0; direction < recurrent.Directions; direction++)
                        layers.Add(RowCell.Create(recurrent.Cell, kernels.Inference, Take(4), values));
                }
                else if (layer is LayerNormalizationSpec)
                {
                    var norm = new NormalizationWeights(Take(2));
                    norm.Pack(values);
                    layers.Add(norm);
                }
            }

            LayerWeights = [.. layers];
            Head = new DenseWeights(Take(2), kernels.PanelWidth, training: false);
            Head.Pack(values);
        }
    }

    /// <summary>The model.</summary>
    public ModelSpec Model { get; }

    internal KernelSet Kernels { get; }

    /// <summary>The positions of the embeddings in <see cref="TableValues"/>.</summary>
    internal Parameter[] Tables { get; }

    internal float* TableValues => _tables is null ? null : _tables.Pointer;

    /// <summary>In the order of the layers: <see cref="RowCell"/> for each direction, <see cref="NormalizationWeights"/>.</summary>
    internal IReadOnlyList<object> LayerWeights { get; }

    internal DenseWeights Head { get; }
}
