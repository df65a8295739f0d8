using System.Globalization;
using MlnetClip.Checkpoints;

namespace MlnetClip.Clipping;

/// <summary>A moving average of the clipped norm of each tensor; infinite for one whose norm was zero so far.</summary>
internal sealed class TensorAverages : ClippingState
{
    private readonly MovingAverage[] _averages;

    public TensorAverages(int tensors)
    {
        _averages = new MovingAverage[tensors];
        Array.Fill(_averages, new MovingAverage { Value = double.PositiveInfinity });
    }

    /// <summary>The number of steps so far.</summary>
    public long Count { get; private set; }

    /// <summary>The average of a tensor.</summary>
    public double this[int tensor] => _averages[tensor].Value;

    public override int Version => 1;

    /// <summary>Completes a step.</summary>
    public void NextStep() => Count++;

    /// <summary>The warm-up: the smallest norm so far.</summary>
    public void Lower(int tensor, double norm)
    {
        if (norm > 0) _averages[tensor].Value = Math.Min(_averages[tensor].Value, norm);
    }

    /// <summary>Moves the average towards a norm; the first one above zero is taken as it is.</summary>
    public void Follow(int tensor, double norm, double decay)
    {
        if (double.IsFinite(_averages[tensor].Value)) _averages[tensor].Follow(norm, decay);
        else Lower(tensor, norm);
    }

    public override string Describe()
    {
        double smallest = double.PositiveInfinity, largest = 0;
        foreach (MovingAverage average in _averages)
        {
            smallest = Math.Min(smallest, average.Value);
            if (double.IsFinite(average.Value)) largest = Math.Max(largest, average.Value);
        }

        return double.IsFinite(smallest)
            ? string.Create(CultureInfo.InvariantCulture, $"average clipped norms from {smallest:G4} to {largest:G4} over {_averages.Length} tensors")
            : "no norms yet";
    }

    public override void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        writer.Write(_averages.Length);
        foreach (MovingAverage average in _averages) average.Write(writer);
    }

    public override void Read(BinaryReader reader, int version)
    {
        Count = reader.ReadInt64("the number of steps");
        reader.ReadInt32("the number of tensors", _averages.Length, _averages.Length);
        foreach (ref MovingAverage average in _averages.AsSpan())
        {
            double value = average.Value = reader.ReadDouble(); // infinite where there was no norm above zero
            if (!(value >= 0)) throw FieldReader.Wrong("the average norm of a tensor", "must be 0 or more", value.ToString(CultureInfo.InvariantCulture));
        }
    }
}
