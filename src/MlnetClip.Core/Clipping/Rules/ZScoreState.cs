using System.Globalization;
using MlnetClip.Checkpoints;

namespace MlnetClip.Clipping;

/// <summary>Mean and variance of the norm: exact over the warm-up, exponentially weighted after it.</summary>
internal sealed class ZScoreState : ClippingState
{
    private double _sumOfSquaredDeviations;

    /// <summary>The number of norms of the warm-up so far.</summary>
    public int Count { get; private set; }

    /// <summary>The mean.</summary>
    public double Mean { get; private set; }

    /// <summary>The variance.</summary>
    public double Variance { get; private set; }

    public override int Version => 1;

    /// <summary>Adds a norm of the warm-up (Welford's recurrence).</summary>
    public void WarmUp(double norm)
    {
        Count++;
        double deviation = norm - Mean;
        Mean += deviation / Count;
        _sumOfSquaredDeviations += deviation * (norm - Mean);
        Variance = _sumOfSquaredDeviations / Count;
    }

    /// <summary>Moves mean and variance towards a norm: <c>m = a m + (1-a) x; v = a v + (1-a) (x - m)^2</c>, with the new mean.</summary>
    public void Follow(double norm, double alpha)
    {
        Mean = (alpha * Mean) + ((1 - alpha) * norm);
        Variance = (alpha * Variance) + ((1 - alpha) * (norm - Mean) * (norm - Mean));
    }

    public override string Describe() => string.Create(CultureInfo.InvariantCulture, $"mean norm {Mean:G4}, standard deviation {Math.Sqrt(Variance):G4}");

    public override void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        writer.Write(Mean);
        writer.Write(Variance);
        writer.Write(_sumOfSquaredDeviations);
    }

    public override void Read(BinaryReader reader, int version)
    {
        Count = reader.ReadInt32("the number of norms of the warm-up");
        Mean = reader.ReadFinite("the mean norm", 0);
        Variance = reader.ReadFinite("the variance of the norm", 0);
        _sumOfSquaredDeviations = reader.ReadFinite("the sum of squared deviations of the norm", 0);
    }
}
