using System.Globalization;
using MlnetClip.Checkpoints;

namespace MlnetClip.Clipping;

/// <summary>Mean and variance of the norm: exact over the warm-up, exponentially weighted after it.</summary>
internal sealed class ZScoreState : ClippingState
{
    private MovingAverage _mean, _variance;
    private double _sumOfSquaredDeviations;

    /// <summary>The number of norms of the warm-up so far.</summary>
    public int Count { get; private set; }

    /// <summary>The mean.</summary>
    public double Mean => _mean.Value;

    /// <summary>The variance.</summary>
    public double Variance => _variance.Value;

    public override int Version => 1;

    /// <summary>Adds a norm of the warm-up (Welford's recurrence).</summary>
    public void WarmUp(double norm)
    {
        Count++;
        double deviation = norm - Mean;
        _mean.Value += deviation / Count;
        _sumOfSquaredDeviations += deviation * (norm - Mean);
        _variance.Value = _sumOfSquaredDeviations / Count;
    }

    /// <summary>Moves mean and variance towards a norm: <c>m = a m + (1-a) x; v = a v + (1-a) (x - m)^2</c>, with the new mean.</summary>
    public void Follow(double norm, double alpha)
    {
        _mean.Follow(norm, alpha);
        _variance.FollowSquare(norm - Mean, alpha);
    }

    public override string Describe() => string.Create(CultureInfo.InvariantCulture, $"mean norm {Mean:G4}, standard deviation {Math.Sqrt(Variance):G4}");

    public override void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        _mean.Write(writer);
        _variance.Write(writer);
        writer.Write(_sumOfSquaredDeviations);
    }

    public override void Read(BinaryReader reader, int version)
    {
        Count = reader.ReadInt32("the number of norms of the warm-up");
        _mean.Read(reader, "the mean norm");
        _variance.Read(reader, "the variance of the norm");
        _sumOfSquaredDeviations = reader.ReadFinite("the sum of squared deviations of the norm", 0);
    }
}
