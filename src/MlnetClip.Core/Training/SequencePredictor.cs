using MlnetClip.Kernels;
using MlnetClip.Layers;
using MlnetClip.Parameters;

namespace MlnetClip.Training;

/// <summary>
/// The forward pass of one sequence at a time, on the caller's thread: inputs [T, F] of any T to outputs [O].
/// The same sums in the same order as <see cref="ManagedBackend"/>, so that the numbers are bit-identical.
/// </summary>
/// <remarks>Reads the parameters once, when made. Not safe for calls from several threads at a time: make one for each.</remarks>
public sealed unsafe class SequencePredictor
{
    private readonly SequenceModelSpec _spec;
    private readonly InferenceLayer[] _layers;
    private readonly DenseHead _head;

    /// <summary>Prepares the weights.</summary>
    /// <param name="model">The sizes of the model.</param>
    /// <param name="parameters">All values in the order of <see cref="SequenceModelLayout.Create"/>.</param>
    /// <exception cref="ArgumentException">The number of values is not the model's, or a size is outside its range.</exception>
    public SequencePredictor(SequenceModelSpec model, ReadOnlyMemory<float> parameters)
        : this(model, parameters, KernelSet.Best)
    {
    }

    internal SequencePredictor(SequenceModelSpec model, ReadOnlyMemory<float> parameters, KernelSet kernels)
    {
        var layout = ParameterSet.LayOut(SequenceModelLayout.Create(model));
        int length = layout[^1].Offset + layout[^1].Length;
        if (parameters.Length != length)
            throw new ArgumentException($"The model has {length} parameters, but {parameters.Length} values were given.", nameof(parameters));
        _spec = model;
        _layers = new InferenceLayer[model.Layers];
        fixed (float* values = parameters.Span)
        {
            for (int k = 0; k < model.Layers; k++)
                _layers[k] = new InferenceLayer(kernels, model.Cell, layout.Where(p => p.Layer == k).ToArray(), values);
            _head = new DenseHead(kernels, layout.Where(p => p.Layer == model.Layers).ToArray(), 1);
            _head.Pack(values);
        }
    }

    /// <summary>Runs one sequence. Allocates nothing.</summary>
    /// <param name="inputs">[T, F], T at least 1.</param>
    /// <param name="outputs">Receives [O].</param>
    /// <exception cref="ArgumentException">A length is not a multiple of F, or not O.</exception>
    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        int T = inputs.Length / _spec.Features;
        if (T < 1 || T * _spec.Features != inputs.Length)
            throw new ArgumentException($"Inputs are [T, {_spec.Features}] with T at least 1, but there are {inputs.Length} floats.", nameof(inputs));
        if (outputs.Length != _spec.Outputs)
            throw new ArgumentException($"Outputs are [{_spec.Outputs}], but there are {outputs.Length} floats.", nameof(outputs));
        foreach (var layer in _layers) layer.Reset();
        fixed (float* x = inputs, y = outputs)
        {
            int steps = 0;
            for (int t = 0; t < T; t += steps)
            {
                // All layers over a stretch of time at once: each layer's input products become one matrix product.
                steps = Math.Min(InferenceLayer.MaxSteps, T - t);
                float* input = x + (nint)t * _spec.Features;
                nint inputRow = _spec.Features;
                foreach (var layer in _layers)
                {
                    layer.Forward(input, inputRow, steps);
                    input = layer.Outputs;
                    inputRow = layer.P;
                }
            }

            var top = _layers[^1];
            _head.Forward(top.Outputs + (nint)(steps - 1) * top.P, top.P, y, 0, 1);
        }
    }
}
