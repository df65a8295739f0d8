using MlnetClip.Checkpoints;
using MlnetClip.Parameters;

namespace MlnetClip.Training;

/// <summary>The average of a fit's weights so far. It is validated and kept in place of the weights.</summary>
internal sealed class AveragedWeights(ParameterSet parameters, WeightAveraging averaging, int epochs)
{
    private readonly float[] _average = new float[parameters.Length];
    private readonly int _firstEpoch = (int)Math.Floor(averaging.Number * epochs); // from 0, of an average over epochs
    private long _count;
    private int _epoch = -1; // the last one that is in an average over epochs
    private bool _modelHoldsAverage;

    /// <summary>Adds the weights after an update.</summary>
    public void AddStep()
    {
        if (averaging.IsMoving) Move((float)(1 - Math.Min(averaging.Number, _count / (9.0 + _count))));
    }

    /// <summary>Adds the weights after the last step of an epoch. Called again for the same epoch, whose validation was cancelled, it does nothing.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    public void AddEpoch(int epoch)
    {
        if (averaging.IsMoving || epoch < _firstEpoch || epoch == _epoch) return;
        _epoch = epoch;
        Move(1f / (_count + 1));
    }

    /// <summary>Swaps the model's weights with the average, or back. Does nothing before there is an average.</summary>
    public void Swap(bool average)
    {
        if (_count == 0 || average == _modelHoldsAverage) return;
        Span<float> values = parameters.Values;
        for (int i = 0; i < values.Length; i++) (values[i], _average[i]) = (_average[i], values[i]);
        _modelHoldsAverage = average;
    }

    /// <summary>Whether the average is finite.</summary>
    public bool IsFinite => FloatBlock.IsFinite(_average);

    public void Write(BinaryWriter writer)
    {
        writer.Write(_count);
        writer.Write(_epoch);
        FloatBlock.Write(writer, _average);
    }

    public void Read(BinaryReader reader)
    {
        _modelHoldsAverage = false;
        _count = reader.ReadInt64("the number of averaged weights");
        _epoch = reader.ReadInt32("the last averaged epoch", -1);
        FloatBlock.Read(reader, _average, "the averaged weights");
    }

    /// <summary>Throws when there are more averaged weights than steps.</summary>
    /// <exception cref="InvalidDataException">There are.</exception>
    public void Check(long steps, int epoch)
    {
        if (_count > steps) throw FieldReader.Wrong("the number of averaged weights", $"must be at most {steps}", $"{_count}");
        if (_epoch > epoch) throw FieldReader.Wrong("the last averaged epoch", $"must be at most {epoch}", $"{_epoch}");
    }

    private void Move(float share)
    {
        ReadOnlySpan<float> values = parameters.Values;
        if (_count++ == 0) values.CopyTo(_average);
        else
            for (int i = 0; i < values.Length; i++) _average[i] += share * (values[i] - _average[i]);
    }
}
