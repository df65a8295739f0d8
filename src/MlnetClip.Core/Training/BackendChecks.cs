using MlnetClip.Data;
using MlnetClip.Models;
using MlnetClip.Settings;

namespace MlnetClip.Training;

/// <summary>The checks that every <see cref="IBackend"/> makes before it computes anything.</summary>
public static class BackendChecks
{
    /// <summary>Checks that sequences have what a model and its loss read.</summary>
    /// <param name="model">The model.</param>
    /// <param name="shape">The sizes of the sequences.</param>
    /// <param name="loss">The loss.</param>
    /// <exception cref="ArgumentException">The shape does not match the model and the loss.</exception>
    public static void Shape(ModelSpec model, BatchShape shape, ILoss loss)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(loss);
        shape.Validate();
        bool everyStep = model.Head.Pooling == Pooling.EveryStep;
        int targets = loss.TargetsFor(model.Head.Outputs);
        if (shape.Features == model.Features && shape.Ids == model.Embeddings.Count && shape.Targets == targets && shape.EveryStep == everyStep) return;
        throw new ArgumentException(
            $"The model and the loss '{loss.Text}' take {Plural.Of(model.Features, "feature")}, {Plural.Of(model.Embeddings.Count, "id")} "
            + $"and {Plural.Of(targets, "target")} for every "
            + $"{(everyStep ? "time step" : "sequence")}, but the batches have {shape}.", nameof(shape));
    }

    /// <summary>Checks a batch.</summary>
    /// <param name="backend">The backend's name, for the error.</param>
    /// <param name="model">The model.</param>
    /// <param name="shape">The sizes of the longest sequence that the backend takes.</param>
    /// <param name="maxBatchSize">The largest B that it takes.</param>
    /// <param name="batch">The batch.</param>
    /// <exception cref="ArgumentException">The batch is larger than the backend takes, or has rows of other sizes.</exception>
    /// <exception cref="InvalidDataException">An id is not that of a row of its embedding.</exception>
    public static void Batch(string backend, ModelSpec model, BatchShape shape, int maxBatchSize, SequenceBatch batch)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        if (!batch.Shape.HasRowsOf(shape) || batch.TimeSteps > shape.TimeSteps || batch.BatchSize > maxBatchSize)
        {
            throw new ArgumentException(
                $"{backend} takes up to {maxBatchSize} sequences of {shape}, but the batch has {batch.BatchSize} of {batch.Shape with { TimeSteps = batch.TimeSteps }}.",
                nameof(batch));
        }

        for (int j = 0; j < model.Embeddings.Count; j++) CheckIds(batch, j, model.Embeddings[j].Count);
    }

    /// <summary>Checks limits inside the backward pass.</summary>
    /// <param name="backend">The backend's name, for the error.</param>
    /// <param name="model">The model.</param>
    /// <param name="limits">The limits.</param>
    /// <exception cref="NotSupportedException">Truncation counts from the end of a sequence, so it needs a head that reads the end: <see cref="Pooling.Last"/>.</exception>
    public static void Limits(string backend, ModelSpec model, in BackpropLimits limits)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (limits.TruncateSteps is null || model.Head.Pooling == Pooling.Last) return;
        throw new NotSupportedException(
            $"{backend} truncates backpropagation only where the head reads the last time step, but it reads {model.Head.Pooling}. "
            + "Hint: use Pooling.Last, or a limit (inside:, inside-norm:) instead of truncate:.");
    }

    private static void CheckIds(SequenceBatch batch, int column, int count)
    {
        Span<int> ids = batch.Ids, lengths = batch.Lengths;
        int columns = batch.Shape.Ids, B = batch.BatchSize;
        for (int row = 0; row < batch.TimeSteps * B; row++)
        {
            int id = ids[(row * columns) + column];
            if ((uint)id >= (uint)count && row / B < lengths[row % B])
                throw new InvalidDataException($"Id column {column} must hold ids from 0 to {count - 1}, but holds {id} at time step {row / B} of sequence {row % B}.");
        }
    }
}
