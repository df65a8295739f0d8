using MlnetClip.Checkpoints;

namespace MlnetClip.Clipping;

/// <summary>An exponentially weighted moving average: <c>m = a m + (1-a) x</c>.</summary>
internal struct MovingAverage
{
    /// <summary>The average.</summary>
    public double Value { get; set; }

    /// <summary>Moves the average towards a value.</summary>
    /// <param name="value">The value, x.</param>
    /// <param name="decay">The weight of the average so far, a, from 0 to 1.</param>
    public void Follow(double value, double decay) => Value = (decay * Value) + ((1 - decay) * value);

    /// <summary>Moves the average towards the square of a value.</summary>
    /// <inheritdoc cref="Follow"/>
    public void FollowSquare(double value, double decay) => Value = (decay * Value) + ((1 - decay) * value * value);

    /// <summary>The average of so many values, corrected for its start at zero.</summary>
    public readonly double Corrected(double decay, long count) => Value / (1 - Math.Pow(decay, count));

    /// <summary>Writes it for a checkpoint.</summary>
    public readonly void Write(BinaryWriter writer) => writer.Write(Value);

    /// <summary>Reads what <see cref="Write"/> wrote, 0 or more.</summary>
    /// <param name="reader">The checkpoint.</param>
    /// <param name="name">What it is, for errors.</param>
    public void Read(BinaryReader reader, string name) => Value = reader.ReadFinite(name, 0);
}
