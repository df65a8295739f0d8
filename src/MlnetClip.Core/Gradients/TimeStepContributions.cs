namespace MlnetClip.Gradients;

/// <summary>Mean over the measured steps of the norm that each time step contributed to the gradient.</summary>
internal sealed class TimeStepContributions
{
    private double[] _sums = [];
    private long _count;

    /// <summary>The means from the first time step to the last; empty when nothing was measured.</summary>
    public IReadOnlyList<double> Means => [.. _sums.Select(sum => sum / _count)];

    /// <summary>Adds the norms by time step of one finite gradient.</summary>
    public void Add(ReadOnlySpan<double> norms)
    {
        if (_sums.Length == 0) _sums = new double[norms.Length];
        for (int t = 0; t < norms.Length; t++) _sums[t] += norms[t];
        _count++;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_count);
        writer.Write(_sums.Length);
        foreach (double sum in _sums) writer.Write(sum);
    }

    public void Read(BinaryReader reader)
    {
        _count = reader.ReadInt64();
        int timeSteps = reader.ReadInt32();
        if (timeSteps is < 0 or > 10_000_000 || timeSteps > (reader.BaseStream.Length - reader.BaseStream.Position) / sizeof(double))
            throw new InvalidDataException($"A checkpoint has norms of {timeSteps} time steps, which it is too short for.");
        _sums = new double[timeSteps];
        for (int t = 0; t < timeSteps; t++) _sums[t] = reader.ReadDouble();
    }
}
