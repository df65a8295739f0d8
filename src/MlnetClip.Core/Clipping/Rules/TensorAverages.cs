using System.Globalization;
using MlnetClip.Checkpoints;

namespace MlnetClip.Clipping;

/// <summary>A moving average of the clipped norm of each tensor; infinite for one whose norm was zero so far.</summary>
internal sealed class TensorAverages : ClippingState
{
    private readonly double[] _averages;

    public TensorAverages(int tensors)
    {
        _averages = new double[tensors];
        Array.Fill(_averages, double.PositiveInfinity);
    }

    /// <summary>The number of steps so far.</summary>
    public long Count { get; private set; }

    /// <summary>The average of a tensor.</summary>
    public double this[int tensor] => _averages[tensor];

    public override int Version => 1;

    /// <summary>Completes a step.</summary>
    public void NextStep() => Count++;

    /// <summary>The warm-up: the smallest norm so far.</summary>
    public void Lower(int tensor, double norm)
    {
        if (norm > 0) _averages[tensor] = Math.Min(_averages[tensor], norm);
    }

    /// <summary>Moves the average towards a norm; the first one above zero is taken as it is.</summary>
    public void Follow(int tensor, double norm, double decay)
    {
        if (double.IsFinite(_averages[tensor])) _averages[tensor] = (decay * _averages[tensor]) + ((1 - decay) * norm);
        else Lower(tensor, norm);
    }

    public override string Describe()
    {
        double smallest = double.PositiveInfinity, largest = 0;
        foreach (double average in _averages)
        {
            smallest = Math.Min(smallest, average);
            if (double.IsFinite(average)) largest = Math.Max(largest, average);
        }

        return double.IsFinite(smallest)
            ? string.Create(CultureInfo.InvariantCulture, $"average clipped norms from {smallest:G4} to {largest:G4} over {_averages.Length} tensors")
            : "no norms yet";
    }

    public override void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        writer.Write(_averages.Length);
        foreach (double average in _averages) writer.Write(average);
    }

    public override void Read(BinaryReader reader, int version)
    {
        Count = reader.ReadInt64("the number of steps");
        reader.ReadInt32("the number of tensors", _averages.Length, _averages.Length);
        foreach (ref double average in _averages.AsSpan())
        {
            average = reader.ReadDouble();
            if (!(average >= 0)) throw FieldReader.Wrong("the average norm of a tensor", "must be 0 or more", average.ToString(CultureInfo.InvariantCulture));
        }
    }
}
