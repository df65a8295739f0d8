namespace MlnetClip.Data;

/// <summary>
/// One mini-batch of sequences of equal length: inputs [T, B, F], targets [B, O] and weights [B, O].
/// The buffers are allocated once for the largest batch and filled again at every step.
/// </summary>
/// <remarks>T is the number of time steps, B the batch size, F the features per step, O the outputs per sequence.</remarks>
public sealed class SequenceBatch
{
    private readonly float[] _inputs;
    private readonly float[] _targets;
    private readonly float[] _weights;

    /// <summary>Allocates a batch for up to <paramref name="capacity"/> sequences.</summary>
    /// <param name="timeSteps">T, at least 1.</param>
    /// <param name="capacity">The largest B, at least 1.</param>
    /// <param name="features">F, at least 1.</param>
    /// <param name="outputs">O, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public SequenceBatch(int timeSteps, int capacity, int features, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        TimeSteps = timeSteps;
        Capacity = capacity;
        BatchSize = capacity;
        Features = features;
        Outputs = outputs;
        _inputs = new float[checked(timeSteps * capacity * features)];
        _targets = new float[checked(capacity * outputs)];
        _weights = new float[_targets.Length];
        _weights.AsSpan().Fill(1f);
    }

    /// <summary>T: time steps of every sequence.</summary>
    public int TimeSteps { get; }

    /// <summary>The largest B this batch can hold.</summary>
    public int Capacity { get; }

    /// <summary>B: sequences in the batch now, from 1 to <see cref="Capacity"/>.</summary>
    public int BatchSize { get; private set; }

    /// <summary>F: features per time step.</summary>
    public int Features { get; }

    /// <summary>O: outputs per sequence (the horizon of a forecaster, the classes of a classifier).</summary>
    public int Outputs { get; }

    /// <summary>Inputs, [T, B, F]: element (t, b, f) lies at <c>(t * BatchSize + b) * Features + f</c>.</summary>
    public Span<float> Inputs => _inputs.AsSpan(0, TimeSteps * BatchSize * Features);

    /// <summary>Targets, [B, O].</summary>
    public Span<float> Targets => _targets.AsSpan(0, BatchSize * Outputs);

    /// <summary>Weights of the targets, [B, O]: 1 for an observed target, 0 for a missing one, whose target must still be finite.</summary>
    public Span<float> Weights => _weights.AsSpan(0, BatchSize * Outputs);

    /// <summary>Sets the number of sequences; the contents are undefined until filled.</summary>
    /// <param name="batchSize">B, from 1 to <see cref="Capacity"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is outside its range.</exception>
    public void Resize(int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batchSize, Capacity);
        BatchSize = batchSize;
    }
}
