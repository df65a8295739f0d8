using System.Globalization;
using MlnetClip.Data;

namespace MlnetClip.Sequences;

/// <summary>Batches of the rows of a fit that train or validate, from memory or through a shuffle buffer.</summary>
internal static class SequenceStreams
{
    /// <summary>Values of a shuffle buffer whose size is not given: 256 MiB.</summary>
    private const long DefaultPoolValues = 64L << 20;

    /// <summary>Opens the rows that train, or those that validate.</summary>
    /// <param name="rows">All rows; those in memory are scaled already.</param>
    /// <param name="input">What the sequences are made of.</param>
    /// <param name="everyStep">Whether every time step has a target.</param>
    /// <param name="split">Which rows train.</param>
    /// <param name="training">Which ones to open.</param>
    /// <param name="poolSize">Sequences of the shuffle buffer.</param>
    /// <param name="scaler">How features are scaled.</param>
    /// <param name="labels">How labels are scaled.</param>
    public static IBatchStream Open(
        TrainingRows rows, SequenceInput input, bool everyStep, RowSplit split, bool training, int poolSize, FeatureScaler scaler, LabelLearner labels)
    {
        if (rows.InMemory is { } store) return new IndexedBatchStream(new SequenceSource(store, split.Rows(training)));
        return new ShuffleBuffer(
            SequencePlace.Shape(input, rows.LongestSteps, everyStep), training ? split.Training : split.Validation,
            () => new SequenceCursor(rows.OpenData(), split, training, input.PerStep, scaler, labels), poolSize);
    }

    /// <summary>Sequences of the shuffle buffer: as many as the option says, or as fit into the memory that is used without it.</summary>
    /// <exception cref="ArgumentException">The buffer needs more memory than there is.</exception>
    public static int PoolSize(LstmSequenceTrainerOptions options, BatchShape shape, int count)
    {
        double values = ((double)shape.TimeSteps * (shape.Features + shape.Ids)) + (2.0 * shape.TargetSteps);
        int size = Math.Min(count, options.ShuffleBufferSize ?? (int)Math.Clamp(DefaultPoolValues / values, 1, int.MaxValue));
        double bytes = sizeof(float) * values * size;
        if (values * size > Array.MaxLength || bytes > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"{nameof(options.ShuffleBufferSize)} must fit into memory: {size} sequences of {shape.TimeSteps} time steps, as long as the longest of the data, take {bytes / (1 << 20):F0} MiB."
                + $"{Environment.NewLine}Hint: set a smaller {nameof(options.ShuffleBufferSize)}, or shorten the longest sequences."));
        }

        return size;
    }
}
