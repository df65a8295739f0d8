using MlnetClip.Models;

namespace MlnetClip.Layers;

/// <summary>
/// Into how many parts the batches of a model are divided, see <see cref="Pass"/>. Each part has its own sum of the weights' gradients, and these are added in the order of
/// the parts. The number depends on the model and the batch only, never on the threads, and so does the result.
/// </summary>
internal sealed class BatchParts
{
    /// <summary>The most parts.</summary>
    public const int Max = 4;

    /// <summary>The smallest number of sequences of a part: each time step reads all weights once for them, so smaller parts cost more for each sequence. Where there are two parts, each may have half as many.</summary>
    private const int Sequences = 32;

    /// <summary>The smallest number of rows of a part, for each input and hidden unit of the widest layer: to add a sum must cost much less than to compute it.</summary>
    private const int MinRowsPerInput = 4;

    private readonly int _inputsOfWidest; // inputs and hidden units of the widest recurrent layer
    private readonly int? _always;

    /// <summary>The rule for a model.</summary>
    public BatchParts(ModelSpec model)
    {
        int inputs = model.InputSize;
        foreach (LayerSpec layer in model.Layers)
        {
            if (layer is not RecurrentSpec recurrent) continue;
            _inputsOfWidest = Math.Max(_inputsOfWidest, inputs + recurrent.HiddenSize);
            inputs = recurrent.HiddenSize * recurrent.Directions;
        }
    }

    /// <summary>A given number of parts, from 1 to <see cref="Max"/>, for every batch of as many sequences.</summary>
    public BatchParts(int always) => _always = always;

    /// <summary>The number of parts of a batch; a larger or longer batch has as many or more.</summary>
    /// <param name="timeSteps">T.</param>
    /// <param name="batchSize">B.</param>
    public int Count(int timeSteps, int batchSize)
    {
        if (_always is { } parts) return Math.Min(parts, batchSize);
        long most = (long)timeSteps * batchSize / ((long)MinRowsPerInput * _inputsOfWidest);
        int wanted = batchSize >= Sequences ? Math.Max(2, batchSize / Sequences) : 1;
        return (int)Math.Max(1, Math.Min(Math.Min(Max, most), wanted));
    }
}
