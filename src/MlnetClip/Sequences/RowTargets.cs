namespace MlnetClip.Sequences;

/// <summary>The targets of the current row and their weights; the memory is reused from row to row.</summary>
internal sealed class RowTargets
{
    private float[] _targets = new float[1], _weights = new float[1];
    private int _count;

    /// <summary>The targets.</summary>
    public Span<float> Targets => _targets.AsSpan(0, _count);

    /// <summary>Their weights; 0 where there is no label.</summary>
    public Span<float> Weights => _weights.AsSpan(0, _count);

    /// <summary>Makes room for the targets of a row; their weights are 1.</summary>
    public void Resize(int count)
    {
        if (_targets.Length < count) (_targets, _weights) = (new float[count], new float[count]);
        _count = count;
        Weights.Fill(1);
    }

    /// <summary>Sets the one target of a row.</summary>
    public void Set(float target)
    {
        Resize(1);
        _targets[0] = target;
    }
}
