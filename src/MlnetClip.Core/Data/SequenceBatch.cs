namespace MlnetClip.Data;

/// <summary>
/// One mini-batch of sequences, padded at the end to the longest: inputs [T, B, F], ids [T, B, C], lengths [B], targets and
/// weights [S, B, K]. The buffers are allocated once for the largest batch and filled again at every step.
/// </summary>
/// <remarks>
/// T is the number of time steps, B the batch size, F the features and C the ids of a step, K the targets, and S is T where every
/// step has targets and 1 otherwise. Steps from a sequence's length on are padding: their contents never influence a result.
/// </remarks>
public sealed class SequenceBatch
{
    private readonly float[] _inputs, _targets, _weights;
    private readonly int[] _ids, _lengths;

    /// <summary>Allocates a batch for up to <paramref name="capacity"/> sequences.</summary>
    /// <param name="shape">The sizes of the longest sequence.</param>
    /// <param name="capacity">The largest B, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is outside its range, or the batch has more than 2^31 - 1 values of a kind.</exception>
    public SequenceBatch(BatchShape shape, int capacity)
    {
        ArgumentNullException.ThrowIfNull(shape);
        shape.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        (Shape, Capacity, BatchSize, TimeSteps) = (shape, capacity, capacity, shape.TimeSteps);
        _inputs = new float[Length(shape.TimeSteps, capacity, shape.Features)];
        _ids = new int[Length(shape.TimeSteps, capacity, shape.Ids)];
        _targets = new float[Length(shape.TargetSteps, capacity, shape.Targets)];
        _weights = new float[_targets.Length];
        _lengths = new int[capacity];
        _weights.AsSpan().Fill(1f);
        _lengths.AsSpan().Fill(shape.TimeSteps);
    }

    /// <summary>The sizes of the longest sequence that the batch can hold.</summary>
    public BatchShape Shape { get; }

    /// <summary>The largest B this batch can hold.</summary>
    public int Capacity { get; }

    /// <summary>B: sequences in the batch now, from 1 to <see cref="Capacity"/>.</summary>
    public int BatchSize { get; private set; }

    /// <summary>T: time steps of the batch now, those of its longest sequence; from 1 to that of <see cref="Shape"/>.</summary>
    public int TimeSteps { get; private set; }

    /// <summary>S: steps that have targets now, T or 1.</summary>
    public int TargetSteps => Shape.EveryStep ? TimeSteps : 1;

    /// <summary>Inputs, [T, B, F]: element (t, b, f) lies at <c>(t * BatchSize + b) * F + f</c>.</summary>
    public Span<float> Inputs => _inputs.AsSpan(0, TimeSteps * BatchSize * Shape.Features);

    /// <summary>Ids, [T, B, C]: each from 0 to the number of rows of its embedding - 1.</summary>
    public Span<int> Ids => _ids.AsSpan(0, TimeSteps * BatchSize * Shape.Ids);

    /// <summary>Lengths, [B]: time steps of each sequence, from 1 to T.</summary>
    public Span<int> Lengths => _lengths.AsSpan(0, BatchSize);

    /// <summary>Targets, [S, B, K]: element (s, b, k) lies at <c>(s * BatchSize + b) * K + k</c>.</summary>
    public Span<float> Targets => _targets.AsSpan(0, TargetSteps * BatchSize * Shape.Targets);

    /// <summary>
    /// Weights of the targets, [S, B, K]: 0 for a missing target, whose value must still be finite; otherwise above 0, 1 unless
    /// examples count differently.
    /// </summary>
    public Span<float> Weights => _weights.AsSpan(0, TargetSteps * BatchSize * Shape.Targets);

    /// <summary>True when every sequence has T time steps: there is no padding.</summary>
    public bool IsFull => !Lengths.ContainsAnyExcept(TimeSteps);

    /// <summary>Sets the number of sequences, all of them of the largest T; the contents are undefined until filled.</summary>
    /// <param name="batchSize">B, from 1 to <see cref="Capacity"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is outside its range.</exception>
    public void Resize(int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batchSize, Capacity);
        (BatchSize, TimeSteps) = (batchSize, Shape.TimeSteps);
        Lengths.Fill(TimeSteps);
    }

    /// <summary>Keeps the first sequences and removes the others; the rows become contiguous.</summary>
    /// <param name="batchSize">How many to keep, from 1 to B.</param>
    public void KeepFirst(int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batchSize, BatchSize);
        if (batchSize == BatchSize) return;
        for (int t = 1; t < TimeSteps; t++)
        {
            CloseUp(_inputs, t, batchSize, Shape.Features);
            CloseUp(_ids, t, batchSize, Shape.Ids);
            if (!Shape.EveryStep) continue;
            CloseUp(_targets, t, batchSize, Shape.Targets);
            CloseUp(_weights, t, batchSize, Shape.Targets);
        }

        BatchSize = batchSize;
    }

    private void CloseUp<T>(T[] values, int t, int batchSize, int columns) =>
        values.AsSpan(t * BatchSize * columns, batchSize * columns).CopyTo(values.AsSpan(t * batchSize * columns));

    /// <summary>Sets T to the longest of <see cref="Lengths"/>; the steps up to there keep their contents.</summary>
    /// <exception cref="InvalidOperationException">A length is outside its range.</exception>
    public void TrimToLongest()
    {
        int longest = 0;
        for (int b = 0; b < BatchSize; b++)
        {
            if (_lengths[b] < 1 || _lengths[b] > Shape.TimeSteps)
                throw new InvalidOperationException($"A sequence must have 1 to {Shape.TimeSteps} time steps, but sequence {b} has {_lengths[b]}.");
            longest = Math.Max(longest, _lengths[b]);
        }

        TimeSteps = longest;
    }

    /// <summary>Sets the padding after the end of each sequence to zero: inputs, ids, targets and weights.</summary>
    public void ClearPadding()
    {
        for (int b = 0; b < BatchSize; b++)
        {
            for (int t = _lengths[b]; t < TimeSteps; t++)
            {
                int row = (t * BatchSize) + b;
                _inputs.AsSpan(row * Shape.Features, Shape.Features).Clear();
                _ids.AsSpan(row * Shape.Ids, Shape.Ids).Clear();
                if (!Shape.EveryStep) continue;
                _targets.AsSpan(row * Shape.Targets, Shape.Targets).Clear();
                _weights.AsSpan(row * Shape.Targets, Shape.Targets).Clear();
            }
        }
    }

    /// <summary>Copies one sequence with its targets into a batch of the same shape.</summary>
    /// <param name="index">The sequence, from 0 to B - 1.</param>
    /// <param name="target">Receives it; its T must not be smaller than the sequence's length.</param>
    /// <param name="targetIndex">Where to, from 0 to the target's B - 1.</param>
    public void CopySequence(int index, SequenceBatch target, int targetIndex)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)BatchSize, nameof(index));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)targetIndex, (uint)target.BatchSize, nameof(targetIndex));
        if (target.Shape != Shape) throw new ArgumentException($"The target holds {target.Shape}, but the sequence has {Shape}.", nameof(target));
        int length = _lengths[index], F = Shape.Features, C = Shape.Ids, K = Shape.Targets;
        target._lengths[targetIndex] = length;
        for (int t = 0; t < length; t++)
        {
            int from = (t * BatchSize) + index, to = (t * target.BatchSize) + targetIndex;
            _inputs.AsSpan(from * F, F).CopyTo(target._inputs.AsSpan(to * F));
            _ids.AsSpan(from * C, C).CopyTo(target._ids.AsSpan(to * C));
            if (t > 0 && !Shape.EveryStep) continue;
            _targets.AsSpan(from * K, K).CopyTo(target._targets.AsSpan(to * K));
            _weights.AsSpan(from * K, K).CopyTo(target._weights.AsSpan(to * K));
        }
    }

    private static int Length(int steps, int capacity, int columns)
    {
        long length = (long)steps * capacity * columns;
        return length <= Array.MaxLength
            ? (int)length
            : throw new ArgumentOutOfRangeException(
                nameof(capacity), capacity, $"A batch of {capacity} sequences of {steps} time steps with {columns} values each has {length} values; at most {Array.MaxLength} fit.");
    }
}
