using System.Globalization;
using MlnetClip.Checkpoints;

namespace MlnetClip.Clipping;

/// <summary>Exponentially weighted sums of the norm and of its square, both started at zero.</summary>
internal sealed class StabilizeState : ClippingState
{
    private MovingAverage _mean, _square;
    private long _count;

    public override int Version => 1;

    /// <summary>Adds a norm.</summary>
    public void Follow(double norm, double meanDecay, double squareDecay)
    {
        _count++;
        _mean.Follow(norm, meanDecay);
        _square.FollowSquare(norm, squareDecay);
    }

    /// <summary>The average norm, corrected for the start at zero.</summary>
    public double Mean(double decay) => _mean.Corrected(decay, _count);

    /// <summary>The root of the average square, corrected for the start at zero.</summary>
    public double RootMeanSquare(double decay) => Math.Sqrt(_square.Corrected(decay, _count));

    public override string Describe() => _count == 0
        ? "no norms yet"
        : string.Create(CultureInfo.InvariantCulture, $"{_count} norms; weighted mean {_mean.Value:G4}, root of the weighted mean square {Math.Sqrt(_square.Value):G4}");

    public override void Write(BinaryWriter writer)
    {
        writer.Write(_count);
        _mean.Write(writer);
        _square.Write(writer);
    }

    public override void Read(BinaryReader reader, int version)
    {
        _count = reader.ReadInt64("the number of norms");
        _mean.Read(reader, "the mean norm");
        _square.Read(reader, "the mean square of the norm");
    }
}
