using Microsoft.ML;

namespace MlnetClip.Sequences;

/// <summary>
/// The usable rows of a fit: those of the training data, then those of the validation data where it is given. They are held in memory, or
/// read from the data again for every pass.
/// </summary>
internal sealed class TrainingRows
{
    private readonly SequenceInput _input;
    private readonly LstmSequenceTrainerOptions _options;
    private readonly TaskTraining _task;
    private readonly IReadOnlyList<IDataView> _views;

    /// <summary>Reads all rows once.</summary>
    /// <param name="input">What the sequences are made of.</param>
    /// <param name="options">The trainer's options.</param>
    /// <param name="task">What labels are.</param>
    /// <param name="views">The training data, and the validation data where it is given.</param>
    public TrainingRows(SequenceInput input, LstmSequenceTrainerOptions options, TaskTraining task, IReadOnlyList<IDataView> views)
    {
        (_input, _options, _task, _views) = (input, options, task, views);
        InMemory = options.ShuffleBufferSize is null ? new SequenceStore(input, task.EveryStep) : null;
        using var hash = new SequenceHash();
        using SequenceReader reader = OpenData();
        while (reader.MoveNext())
        {
            hash.Add(reader);
            Count++;
            if (reader.View == 0) Trainable++;
            LongestSteps = Math.Max(LongestSteps, (reader.Values.Length + reader.Ids.Length) / input.PerStep);
            if (task.EveryStep)
            {
                Steps += reader.Targets.Length;
                UnlabeledSteps += reader.Weights.Count(0f);
            }

            InMemory?.Add(reader);
            if (InMemory?.Bytes > options.MostBytesInMemory) InMemory = null;
        }

        (Rows, LeftOut, FirstLeftOut, Hash) = (reader.Rows, reader.LeftOut, reader.FirstLeftOut, hash.End());
    }

    /// <summary>The sequences; null where they are read again for every pass.</summary>
    public SequenceStore? InMemory { get; }

    /// <summary>Usable rows.</summary>
    public int Count { get; }

    /// <summary>Those of the training data.</summary>
    public int Trainable { get; }

    /// <summary>Time steps of the longest sequence; 0 where there is none.</summary>
    public int LongestSteps { get; }

    /// <summary>Time steps of all sequences, where every step has a label.</summary>
    public long Steps { get; }

    /// <summary>Those without a label, or of weight 0.</summary>
    public long UnlabeledSteps { get; }

    /// <summary>All rows, usable or not.</summary>
    public int Rows { get; }

    /// <summary>Rows that are skipped, because their sequence has no time step or a value that is not a finite number.</summary>
    public int LeftOut { get; }

    /// <summary>The first of them, counted from 0 in its own view.</summary>
    public long FirstLeftOut { get; }

    /// <summary>SHA-256 of all sequences, targets and weights, in hexadecimal.</summary>
    public string Hash { get; }

    /// <summary>Reads all usable rows once more, from memory or from the data.</summary>
    public ISequenceRows Read() => InMemory?.Read() ?? OpenData();

    /// <summary>Reads all usable rows once more from the data.</summary>
    public SequenceReader OpenData() => new(_input, _options, _task, _views);
}
