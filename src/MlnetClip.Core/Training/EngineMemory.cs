using System.Globalization;
using MlnetClip.Cells;
using MlnetClip.Data;
using MlnetClip.Kernels;
using MlnetClip.Layers;
using MlnetClip.Models;

namespace MlnetClip.Training;

/// <summary>The memory that a fit of the managed engine needs, computed from the sizes before anything is allocated.</summary>
/// <param name="Sizes">A description of the sizes.</param>
/// <param name="LargestBuffer">Floats of the largest buffer.</param>
/// <param name="Floats">Floats of all buffers together.</param>
public readonly record struct EngineMemory(string Sizes, double LargestBuffer, double Floats)
{
    private const double Margin = 64; // floats of padding in a buffer

    /// <summary>Values of all parameters that training holds: values, gradients, two of the optimizer, best epoch, roll-back.</summary>
    private const double CopiesOfParameters = 6;

    /// <summary>Computes the memory that a fit needs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="shape">The sizes of the sequences.</param>
    /// <param name="batchSize">The largest number of sequences of a batch.</param>
    /// <param name="threads">Threads that train.</param>
    public static EngineMemory Needed(ModelSpec model, BatchShape shape, int batchSize, int threads)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(shape);
        double rows = (double)shape.TimeSteps * batchSize, inputs = model.InputSize, largest = rows * Pad(inputs, 32), floats = 0, parameters = 0;
        floats += rows * (shape.Features + shape.Ids) + 2.0 * shape.TargetSteps * batchSize * shape.Targets;
        int parts = new BatchParts(model).Count(shape.TimeSteps, batchSize);
        if (model.GathersInputs) floats += 2 * rows * Pad(inputs, 16);
        else if (parts > 1) floats += rows * inputs;
        foreach (EmbeddingSpec embedding in model.Embeddings) parameters += (double)embedding.Count * embedding.Size;
        foreach (LayerSpec layer in model.Layers)
        {
            double outputs = layer is RecurrentSpec cell ? (double)cell.HiddenSize * cell.Directions : inputs;
            if (layer is RecurrentSpec recurrent)
            {
                Cell kind = Cell.Create(recurrent.Cell, KernelSet.Best);
                int gates = Math.Max(1, ModelLayout.GatesOf(recurrent.Cell).Count), directions = recurrent.Directions;
                double units = Pad(recurrent.HiddenSize, 16), sums = kind.SumsPerUnit * units;
                double states = (kind.HasState ? 2 : 1) + (recurrent.RecurrentDropout > 0 ? 1 : 0);
                double panels = Pad(inputs, 32) + Pad(recurrent.HiddenSize, 32);
                floats += directions * (rows * (sums + (states + 1) * units + panels) + 4 * batchSize * units); // gates, states, gradients, packed copies
                floats += directions * gates * units * panels; // packed weights, of the forward or the backward pass
                double weights = directions * (double)gates * recurrent.HiddenSize * (inputs + recurrent.HiddenSize + 2);
                parameters += weights;
                floats += (parts - 1) * weights; // the gradients of the parts after the first
                largest = Math.Max(largest, Math.Max(rows * sums, gates * units * Pad(Math.Max(recurrent.HiddenSize, inputs), 32)));
                if (recurrent.Bidirectional) floats += 2 * rows * Pad(outputs, 16);
            }
            else
            {
                floats += (layer is LayerNormalizationSpec ? 2 : 1) * rows * Pad(outputs, 16);
            }

            inputs = outputs;
        }

        double headRows = (double)shape.TargetSteps * batchSize;
        parameters += model.Head.Outputs * (inputs + 1);
        floats += headRows * (4.0 * Pad(model.Head.Outputs, 32) + Pad(inputs, 32)) + 2.0 * Pad(model.Head.Outputs, 32) * inputs;
        floats += CopiesOfParameters * parameters + threads * 65536.0;
        string sizes = string.Create(CultureInfo.InvariantCulture, $"batches of {batchSize} sequences of {shape.TimeSteps} time steps through {model}");
        return new EngineMemory(sizes, Math.Max(largest, Math.Max(parameters, headRows * Pad(inputs, 32))) + Margin, floats);
    }

    /// <summary>Throws when the memory is not available.</summary>
    /// <exception cref="ArgumentException">A buffer is longer than an array can be, or all together need more than the memory available.</exception>
    public void Check() => Check(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>As <see cref="Check()"/>, for a machine with the given memory.</summary>
    internal void Check(long availableBytes)
    {
        string hint = $"{Environment.NewLine}Hint: use a smaller batch size, fewer time steps (a smaller window) or a smaller hidden size.";
        double needed = Floats * sizeof(float);
        if (LargestBuffer > Array.MaxLength)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"Training on {Sizes} needs a buffer of {LargestBuffer:N0} values, but a buffer can hold at most {Array.MaxLength:N0}; it needs {Text(needed)} of memory in all.{hint}"));
        }

        if (needed > availableBytes)
            throw new ArgumentException($"Training on {Sizes} needs {Text(needed)} of memory, but only {Text(availableBytes)} is available.{hint}");
    }

    private static double Pad(double value, int multiple) => Math.Ceiling(value / multiple) * multiple;

    private static string Text(double bytes) => bytes < 1e9
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 20):F0} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 30):F1} GiB");
}
