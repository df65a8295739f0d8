using MlnetClip.Checkpoints;

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
        _count = reader.ReadInt64("the steps whose time steps were measured");
        _sums = new double[reader.ReadCount("the number of time steps measured", sizeof(double))];
        foreach (ref double sum in _sums.AsSpan()) sum = reader.ReadFinite("the norm of a time step", 0);
    }

    /// <summary>Throws when these are not the norms of sequences of <paramref name="timeSteps"/> in at most so many steps.</summary>
    /// <exception cref="InvalidDataException">They are not.</exception>
    public void Check(int timeSteps, long steps)
    {
        if (_sums.Length != 0 && _sums.Length != timeSteps) throw FieldReader.Wrong("the number of time steps measured", $"must be 0 or {timeSteps}", $"{_sums.Length}");
        if ((_count == 0) != (_sums.Length == 0) || _count > steps)
            throw FieldReader.Wrong("the steps whose time steps were measured", _sums.Length == 0 ? "must be 0" : $"must be from 1 to {steps}", $"{_count}");
    }
}
