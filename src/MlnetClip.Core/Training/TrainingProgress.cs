using MlnetClip.Checkpoints;

namespace MlnetClip.Training;

/// <summary>Where a fit stands: all that changes from step to step outside backend, optimizer and clipping. Goes into checkpoints whole.</summary>
internal sealed class TrainingProgress(int parameterCount, int batchesPerEpoch)
{
    private readonly double[] _norms = new double[batchesPerEpoch];
    private readonly double[] _sorted = new double[batchesPerEpoch];
    private int _normCount;
    private int _clipped;
    private int _nonFinite;
    private double _lossSum;
    private long _lossWeight;

    internal long Step { get; private set; }

    /// <summary>The epoch under way, from 0.</summary>
    internal int Epoch { get; private set; }

    /// <summary>The next batch of the epoch under way, from 0.</summary>
    internal int Batch { get; private set; }

    internal int BestEpoch { get; private set; }

    internal double BestLoss { get; private set; } = double.PositiveInfinity;

    /// <summary>The values of the best epoch so far.</summary>
    internal float[] BestValues { get; } = new float[parameterCount];

    internal List<EpochReport> History { get; } = [];

    internal void AddStep(double loss, int batchSize, double norm, bool isFinite, bool clipped)
    {
        if (double.IsFinite(loss))
        {
            _lossSum += loss * batchSize;
            _lossWeight += batchSize;
        }

        if (isFinite) _norms[_normCount++] = norm;
        else _nonFinite++;
        if (isFinite && clipped) _clipped++;
        Step++;
        Batch++;
    }

    /// <summary>Ends the epoch under way and decides whether it is the best so far.</summary>
    internal EpochReport EndEpoch(double? validationLoss, float learningRate, ReadOnlySpan<float> values)
    {
        // Without validation the newest weights are the best there are.
        bool isBest = validationLoss is not { } loss || loss < BestLoss;
        if (isBest)
        {
            BestEpoch = Epoch + 1;
            BestLoss = validationLoss ?? double.PositiveInfinity;
            values.CopyTo(BestValues);
        }

        Span<double> sorted = _sorted.AsSpan(0, _normCount);
        _norms.AsSpan(0, _normCount).CopyTo(sorted);
        sorted.Sort();
        var report = new EpochReport(
            Epoch + 1, _lossWeight == 0 ? double.NaN : _lossSum / _lossWeight, validationLoss, isBest, learningRate,
            NormMedian: _normCount == 0 ? double.NaN : (sorted[(_normCount - 1) / 2] + sorted[_normCount / 2]) / 2,
            NormMaximum: _normCount == 0 ? double.NaN : sorted[^1],
            ShareClipped: _normCount == 0 ? 0 : (double)_clipped / _normCount,
            _nonFinite);
        History.Add(report);
        (_normCount, _clipped, _nonFinite, _lossSum, _lossWeight) = (0, 0, 0, 0, 0);
        Epoch++;
        Batch = 0;
        return report;
    }

    /// <summary>Epochs since the validation loss last fell by more than <paramref name="minDelta"/>.</summary>
    internal int EpochsWithoutImprovement(double minDelta)
    {
        double reference = double.PositiveInfinity;
        int last = 0;
        for (int epoch = 1; epoch <= History.Count; epoch++)
        {
            if (History[epoch - 1].ValidationLoss is not { } loss || !(loss < reference - minDelta)) continue;
            reference = loss;
            last = epoch;
        }

        return History.Count - last;
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Step);
        writer.Write(Epoch);
        writer.Write(Batch);
        writer.Write(BestEpoch);
        writer.Write(BestLoss);
        FloatBlock.Write(writer, BestValues);
        writer.Write(_lossSum);
        writer.Write(_lossWeight);
        writer.Write(_clipped);
        writer.Write(_nonFinite);
        writer.Write(_normCount);
        for (int i = 0; i < _normCount; i++) writer.Write(_norms[i]);
        writer.Write(History.Count);
        foreach (EpochReport report in History) Write(writer, report);
    }

    internal void Read(BinaryReader reader)
    {
        Step = reader.ReadInt64();
        Epoch = reader.ReadInt32();
        Batch = reader.ReadInt32();
        BestEpoch = reader.ReadInt32();
        BestLoss = reader.ReadDouble();
        FloatBlock.Read(reader, BestValues, "The best epoch's weights");
        _lossSum = reader.ReadDouble();
        _lossWeight = reader.ReadInt64();
        _clipped = reader.ReadInt32();
        _nonFinite = reader.ReadInt32();
        _normCount = reader.ReadInt32();
        if (_normCount < 0 || _normCount > _norms.Length || Batch > _norms.Length)
            throw new InvalidDataException($"The checkpoint stands at batch {Batch} of an epoch; these sequences and this batch size make {_norms.Length}.");
        for (int i = 0; i < _normCount; i++) _norms[i] = reader.ReadDouble();
        History.Clear();
        for (int count = reader.ReadInt32(); count > 0; count--) History.Add(ReadReport(reader));
    }

    private static void Write(BinaryWriter writer, EpochReport report)
    {
        writer.Write(report.Epoch);
        writer.Write(report.TrainLoss);
        writer.Write(report.ValidationLoss.HasValue);
        writer.Write(report.ValidationLoss ?? 0);
        writer.Write(report.IsBest);
        writer.Write(report.LearningRate);
        writer.Write(report.NormMedian);
        writer.Write(report.NormMaximum);
        writer.Write(report.ShareClipped);
        writer.Write(report.NonFiniteSteps);
    }

    private static EpochReport ReadReport(BinaryReader reader)
    {
        int epoch = reader.ReadInt32();
        double trainLoss = reader.ReadDouble();
        bool hasValidation = reader.ReadBoolean();
        double validationLoss = reader.ReadDouble();
        return new EpochReport(
            epoch, trainLoss, hasValidation ? validationLoss : null, reader.ReadBoolean(), reader.ReadSingle(),
            reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt32());
    }
}
