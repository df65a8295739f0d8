using MlnetClip.Checkpoints;
using MlnetClip.Clipping;

namespace MlnetClip.Training;

/// <summary>The figures of the current epoch, gathered step by step without allocating.</summary>
internal sealed class EpochFigures
{
    private readonly NormQuantiles _norms = new();
    private int _clipped, _refused, _nonFinite;
    private double _lossSum, _lossWeight;
    private float _learningRate = float.NaN;
    private double _threshold = double.NaN;

    /// <summary>Adds a step.</summary>
    /// <param name="sums">Its loss; a step whose loss is not finite does not count.</param>
    /// <param name="learningRate">Its learning rate.</param>
    /// <param name="clip">The report of the non-finite guard and clipping.</param>
    public void Add(BatchSums sums, float learningRate, in ClipReport clip)
    {
        _learningRate = learningRate;
        if (double.IsFinite(sums.LossSum))
        {
            _lossSum += sums.LossSum;
            _lossWeight += sums.WeightSum;
        }

        if (!clip.IsFinite)
        {
            _nonFinite++;
            return;
        }

        _threshold = double.IsFinite(clip.Threshold) ? clip.Threshold : double.NaN;
        _norms.Add(clip.NormBefore);
        if (clip.Changed) _clipped++;
        if (!clip.TakesStep) _refused++;
    }

    /// <summary>Returns the report of the epoch and begins the next one.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="validationLoss">Mean validation loss after it, or null.</param>
    /// <param name="isBest">Whether it is the best so far.</param>
    public EpochReport End(int epoch, double? validationLoss, bool isBest)
    {
        bool none = _norms.Count == 0;
        var report = new EpochReport(
            epoch, _lossWeight == 0 ? double.NaN : _lossSum / _lossWeight, validationLoss, isBest, _learningRate,
            NormMedian: _norms.At(0.5)[0],
            NormMaximum: none ? double.NaN : _norms.Largest,
            ShareClipped: none ? 0 : (double)_clipped / _norms.Count,
            _nonFinite)
        {
            RefusedSteps = _refused,
            Threshold = _threshold,
        };
        _norms.Clear();
        (_clipped, _refused, _nonFinite, _lossSum, _lossWeight) = (0, 0, 0, 0, 0);
        return report;
    }

    public void Write(BinaryWriter writer)
    {
        _norms.Write(writer);
        writer.Write(_clipped);
        writer.Write(_refused);
        writer.Write(_nonFinite);
        writer.Write(_lossSum);
        writer.Write(_lossWeight);
        writer.Write(_learningRate);
        writer.Write(_threshold);
    }

    public void Read(BinaryReader reader)
    {
        _norms.Read(reader);
        _clipped = reader.ReadInt32("the clipped steps of the epoch", 0, _norms.Count);
        _refused = reader.ReadInt32("the refused steps of the epoch", 0, _norms.Count);
        _nonFinite = reader.ReadInt32("the non-finite steps of the epoch");
        _lossSum = reader.ReadFinite("the sum of losses of the epoch");
        _lossWeight = reader.ReadFinite("the sum of weights of the epoch");
        _learningRate = reader.ReadRate("the learning rate of the epoch");
        _threshold = reader.ReadFiniteOrNaN("the threshold of the epoch");
    }

    /// <summary>Throws when these are not the figures of so many steps.</summary>
    /// <exception cref="InvalidDataException">They are of another number.</exception>
    public void Check(int steps)
    {
        if (_norms.Count + _nonFinite != steps) throw FieldReader.Wrong("the steps of the epoch", $"must be the {steps} of the position", $"{_norms.Count + _nonFinite}");
    }
}
