using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MlnetClip.Sequences;

/// <summary>Labeled sequences in memory: all values one after the other, and where each sequence begins.</summary>
/// <param name="input">What the sequences are made of.</param>
internal sealed class SequenceStore(SequenceInput input)
{
    private readonly List<float> _values = [];
    private readonly List<int> _ids = [];
    private readonly List<int> _starts = [0];
    private readonly List<float> _targets = [], _weights = [];

    /// <summary>What the sequences are made of.</summary>
    public SequenceInput Input { get; } = input;

    /// <summary>Number of sequences.</summary>
    public int Count => _targets.Count;

    /// <summary>Time steps of the longest sequence; 0 where there is none.</summary>
    public int LongestSteps { get; private set; }

    /// <summary>The target of each sequence.</summary>
    public Span<float> Targets => CollectionsMarshal.AsSpan(_targets);

    /// <summary>The weight of each sequence.</summary>
    public Span<float> Weights => CollectionsMarshal.AsSpan(_weights);

    /// <summary>The values of a sequence, [T, F]; empty where it is made of keys.</summary>
    public Span<float> Values(int row) => Input.HasKeys ? [] : CollectionsMarshal.AsSpan(_values)[_starts[row].._starts[row + 1]];

    /// <summary>The ids of a sequence, [T, C]; empty where it is made of real features.</summary>
    public Span<int> Ids(int row) => Input.HasKeys ? CollectionsMarshal.AsSpan(_ids)[_starts[row].._starts[row + 1]] : [];

    /// <summary>Time steps of a sequence.</summary>
    public int Steps(int row) => (_starts[row + 1] - _starts[row]) / Input.PerStep;

    /// <summary>Adds a sequence of real features.</summary>
    public void Add(ReadOnlySpan<float> values, float target, float weight)
    {
        _values.AddRange(values);
        End(_values.Count, values.Length, target, weight);
    }

    /// <summary>Adds a sequence of keys.</summary>
    public void Add(ReadOnlySpan<int> ids, float target, float weight)
    {
        _ids.AddRange(ids);
        End(_ids.Count, ids.Length, target, weight);
    }

    /// <summary>SHA-256 of all sequences, targets and weights, in hexadecimal: equal for equal data.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_values)));
        hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_ids)));
        hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_starts)));
        hash.AppendData(MemoryMarshal.AsBytes(Targets));
        hash.AppendData(MemoryMarshal.AsBytes(Weights));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Scales the features of all sequences.</summary>
    public void Scale(FeatureScaler scaler) => scaler.Apply(CollectionsMarshal.AsSpan(_values));

    private void End(int end, int length, float target, float weight)
    {
        _starts.Add(end);
        _targets.Add(target);
        _weights.Add(weight);
        LongestSteps = Math.Max(LongestSteps, length / Input.PerStep);
    }
}
