using System.Globalization;
using MlnetClip.Layers;

namespace MlnetClip.Trainers;

/// <summary>The memory that a fit of the managed engine needs, computed from the sizes before anything is allocated.</summary>
/// <param name="Sizes">The sizes in words.</param>
/// <param name="LargestBuffer">Floats of the largest buffer.</param>
/// <param name="Floats">Floats of all buffers together.</param>
internal readonly record struct FitMemory(string Sizes, double LargestBuffer, double Floats)
{
    private const double Margin = 64; // floats that buffers are padded by

    /// <summary>What a fit needs.</summary>
    /// <param name="model">The sizes of the model.</param>
    /// <param name="timeSteps">T.</param>
    /// <param name="batchSize">B.</param>
    /// <param name="threads">Threads that train.</param>
    public static FitMemory Needed(SequenceModelSpec model, int timeSteps, int batchSize, int threads)
    {
        double units = Pad(model.HiddenSize, 16), gates = 4 * units, rows = (double)timeSteps * batchSize;
        double largest = Math.Max(rows * Math.Max(gates, Pad(model.Features, 32)), gates * Pad(Math.Max(model.HiddenSize, model.Features), 32));
        double state = rows * (gates + (4 * units) + Pad(model.HiddenSize, 32)) + (4 * batchSize * units); // gates, h, c, gradients, packed copies
        double weights = 0, packed = 0;
        for (int layer = 0; layer < model.Layers; layer++)
        {
            double inputs = layer == 0 ? model.Features : model.HiddenSize;
            weights += 4.0 * model.HiddenSize * (inputs + model.HiddenSize + 2);
            packed += 2 * gates * (Pad(inputs, 32) + Pad(model.HiddenSize, 32));
        }

        double head = (double)model.Outputs * (model.HiddenSize + 1);
        double batch = (rows * model.Features) + (4.0 * batchSize * Pad(model.Outputs, 32)) + (batchSize * Pad(model.HiddenSize, 32));
        double everything = (model.Layers * state) + (rows * Pad(model.Features, 32)) + packed + (2 * head) + batch
            + (6 * (weights + head)) // values, gradients, two of the optimizer, best epoch, roll-back
            + (threads * 65536.0);
        string sizes = string.Create(
            CultureInfo.InvariantCulture,
            $"batches of {batchSize} windows of {timeSteps} rows through {model.Layers} layer{(model.Layers == 1 ? "" : "s")} of {model.HiddenSize} units");
        return new FitMemory(sizes, Math.Max(largest, Math.Max(weights + head, head)) + Margin, everything);
    }

    /// <summary>Throws when the memory is not there.</summary>
    /// <exception cref="ArgumentException">A buffer is longer than an array can be, or all together need more than the memory available.</exception>
    public void Check() => Check(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>As <see cref="Check()"/>, for a machine of the memory given.</summary>
    internal void Check(long availableBytes)
    {
        string hint = $"{Environment.NewLine}Hint: use a smaller BatchSize, WindowSize or HiddenSize.";
        double needed = Floats * sizeof(float);
        if (LargestBuffer > Array.MaxLength)
            throw new ArgumentException(
                $"Training on {Sizes} needs a buffer of {LargestBuffer:N0} numbers, more than the {Array.MaxLength:N0} that one can hold, and {Text(needed)} of memory in all.{hint}");
        if (needed > availableBytes)
            throw new ArgumentException($"Training on {Sizes} needs {Text(needed)} of memory, but only {Text(availableBytes)} are available.{hint}");
    }

    private static double Pad(double value, int multiple) => Math.Ceiling(value / multiple) * multiple;

    private static string Text(double bytes) => bytes < 1e9
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 20):F0} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 30):F1} GiB");
}
