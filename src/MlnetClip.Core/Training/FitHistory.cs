namespace MlnetClip.Training;

/// <summary>The reports of all epochs that ended.</summary>
internal sealed class FitHistory
{
    private readonly List<EpochReport> _epochs = [];

    /// <summary>The reports in order.</summary>
    public IReadOnlyList<EpochReport> Epochs => _epochs;

    public void Add(EpochReport report) => _epochs.Add(report);

    /// <summary>Epochs since the validation loss last fell by more than <paramref name="minDelta"/>.</summary>
    public int EpochsWithoutImprovement(double minDelta)
    {
        double reference = double.PositiveInfinity;
        int last = 0;
        for (int epoch = 1; epoch <= _epochs.Count; epoch++)
        {
            if (_epochs[epoch - 1].ValidationLoss is not { } loss || !(loss < reference - minDelta)) continue;
            reference = loss;
            last = epoch;
        }

        return _epochs.Count - last;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_epochs.Count);
        foreach (EpochReport report in _epochs)
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
            writer.Write(report.RefusedSteps);
        }
    }

    public void Read(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        if (count < 0) throw new InvalidDataException($"A checkpoint with {count} epochs.");
        _epochs.Clear();
        for (int i = 0; i < count; i++) // grown as it is read: a damaged count ends with the data, not with the memory
        {
            int epoch = reader.ReadInt32();
            double trainLoss = reader.ReadDouble();
            bool hasValidation = reader.ReadBoolean();
            double validationLoss = reader.ReadDouble();
            _epochs.Add(new EpochReport(
                epoch, trainLoss, hasValidation ? validationLoss : null, reader.ReadBoolean(), reader.ReadSingle(),
                reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt32())
            {
                RefusedSteps = reader.ReadInt32(),
            });
        }
    }
}
