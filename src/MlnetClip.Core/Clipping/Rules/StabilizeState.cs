using System.Globalization;
using MlnetClip.Checkpoints;

namespace MlnetClip.Clipping;

/// <summary>Exponentially weighted sums of the norm and of its square, both started at zero.</summary>
internal sealed class StabilizeState : ClippingState
{
    private double _mean, _square;
    private long _count;

    public override int Version => 1;

    /// <summary>Adds a norm.</summary>
    public void Follow(double norm, double meanDecay, double squareDecay)
    {
        _count++;
        _mean = (meanDecay * _mean) + ((1 - meanDecay) * norm);
        _square = (squareDecay * _square) + ((1 - squareDecay) * norm * norm);
    }

    /// <summary>The average norm, corrected for the start at zero.</summary>
    public double Mean(double decay) => _mean / (1 - Math.Pow(decay, _count));

    /// <summary>The root of the average square, corrected for the start at zero.</summary>
    public double RootMeanSquare(double decay) => Math.Sqrt(_square / (1 - Math.Pow(decay, _count)));

    public override string Describe() => _count == 0
        ? "no norms yet"
        : string.Create(CultureInfo.InvariantCulture, $"{_count} norms; weighted mean {_mean:G4}, root of the weighted mean square {Math.Sqrt(_square):G4}");

    public override void Write(BinaryWriter writer)
    {
        writer.Write(_count);
        writer.Write(_mean);
        writer.Write(_square);
    }

    public override void Read(BinaryReader reader, int version)
    {
        _count = reader.ReadInt64("the number of norms");
        _mean = reader.ReadFinite("the mean norm", 0);
        _square = reader.ReadFinite("the mean square of the norm", 0);
    }
}
