using System.Runtime.InteropServices;

namespace MlnetClip.Sequences;

/// <summary>Labeled sequences in memory: all values one after the other, and where each sequence begins.</summary>
/// <param name="input">What the sequences are made of.</param>
/// <param name="everyStep">Whether every time step has a target, and not the sequence.</param>
internal sealed class SequenceStore(SequenceInput input, bool everyStep)
{
    private readonly List<float> _values = [];
    private readonly List<int> _ids = [];
    private readonly List<int> _starts = [0];
    private readonly List<float> _targets = [], _weights = [];

    /// <summary>What the sequences are made of.</summary>
    public SequenceInput Input => input;

    /// <summary>Whether every time step has a target, and not the sequence.</summary>
    public bool EveryStep => everyStep;

    /// <summary>Number of sequences.</summary>
    public int Count => _starts.Count - 1;

    /// <summary>Bytes that the sequences take.</summary>
    public long Bytes => 4L * (_values.Count + _ids.Count + _starts.Count + _targets.Count + _weights.Count);

    /// <summary>Time steps of the longest sequence; 0 where there is none.</summary>
    public int LongestSteps { get; private set; }

    /// <summary>The targets of all sequences.</summary>
    public Span<float> AllTargets => CollectionsMarshal.AsSpan(_targets);

    /// <summary>The weights of all targets.</summary>
    public Span<float> AllWeights => CollectionsMarshal.AsSpan(_weights);

    /// <summary>The values of a sequence, [T, F]; empty where it is made of keys.</summary>
    public Span<float> Values(int row) => input.HasKeys ? [] : CollectionsMarshal.AsSpan(_values)[_starts[row].._starts[row + 1]];

    /// <summary>The ids of a sequence, [T, C]; empty where it is made of real features.</summary>
    public Span<int> Ids(int row) => input.HasKeys ? CollectionsMarshal.AsSpan(_ids)[_starts[row].._starts[row + 1]] : [];

    /// <summary>The target of a sequence, or one for each of its steps.</summary>
    public Span<float> Targets(int row) => AllTargets[TargetsOf(row)];

    /// <summary>The weights of a sequence's targets.</summary>
    public Span<float> Weights(int row) => AllWeights[TargetsOf(row)];

    /// <summary>Time steps of a sequence.</summary>
    public int Steps(int row) => (_starts[row + 1] - _starts[row]) / input.PerStep;

    /// <summary>Adds the current sequence of a reader.</summary>
    public void Add(ISequenceRows row)
    {
        _values.AddRange(row.Values);
        _ids.AddRange(row.Ids);
        _starts.Add(checked(_starts[^1] + row.Values.Length + row.Ids.Length));
        _targets.AddRange(row.Targets);
        _weights.AddRange(row.Weights);
        LongestSteps = Math.Max(LongestSteps, Steps(Count - 1));
    }

    /// <summary>Scales the features of all sequences.</summary>
    public void Scale(FeatureScaler scaler) => scaler.Apply(CollectionsMarshal.AsSpan(_values));

    /// <summary>Reads the sequences from the first to the last.</summary>
    public ISequenceRows Read() => new RowsInMemory(this);

    private Range TargetsOf(int row) => everyStep ? (_starts[row] / input.PerStep)..(_starts[row + 1] / input.PerStep) : row..(row + 1);

    private sealed class RowsInMemory(SequenceStore store) : ISequenceRows
    {
        private int _row = -1;

        public ReadOnlySpan<float> Values => store.Values(_row);

        public ReadOnlySpan<int> Ids => store.Ids(_row);

        public ReadOnlySpan<float> Targets => store.Targets(_row);

        public ReadOnlySpan<float> Weights => store.Weights(_row);

        public bool MoveNext() => ++_row < store.Count;

        public void Dispose()
        {
        }
    }
}
