namespace MlnetClip.Sequences;

/// <summary>Labeled sequences, read from the first to the last. The spans are those of the current one, until the next <see cref="MoveNext"/>.</summary>
internal interface ISequenceRows : IDisposable
{
    /// <summary>Moves to the next sequence; false when there is none.</summary>
    bool MoveNext();

    /// <summary>Real features, [T, F]; empty where the sequence is made of keys.</summary>
    ReadOnlySpan<float> Values { get; }

    /// <summary>Ids, [T, C]; empty where the sequence is made of real features.</summary>
    ReadOnlySpan<int> Ids { get; }

    /// <summary>The target of the sequence, or one for each time step.</summary>
    ReadOnlySpan<float> Targets { get; }

    /// <summary>The weight of each target; 0 where there is no label.</summary>
    ReadOnlySpan<float> Weights { get; }
}
