using MlnetClip.Checkpoints;

namespace MlnetClip.Training;

/// <summary>The reports of all finished epochs.</summary>
internal sealed class FitHistory
{
    private const int ReportBytes = (6 * sizeof(double)) + (3 * sizeof(int)) + sizeof(float) + 2;

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
            writer.Write(report.Threshold);
        }
    }

    public void Read(BinaryReader reader)
    {
        _epochs.Clear();
        for (int left = reader.ReadCount("the number of epoch reports", ReportBytes), epoch = 1; left > 0; left--, epoch++)
        {
            string of = $"of the report of epoch {epoch}";
            reader.ReadInt32($"the epoch {of}", epoch, epoch);
            double trainLoss = reader.ReadFiniteOrNaN($"the training loss {of}");
            bool hasValidation = reader.ReadFlag($"the flag of the validation loss {of}");
            double validationLoss = reader.ReadDouble(); // of weights that diverged it is anything
            _epochs.Add(new EpochReport(
                epoch, trainLoss, hasValidation ? validationLoss : null, reader.ReadFlag($"the best {of}"), reader.ReadRate($"the learning rate {of}"),
                reader.ReadFiniteOrNaN($"the median norm {of}", 0), reader.ReadFiniteOrNaN($"the largest norm {of}", 0),
                reader.ReadFinite($"the clipped share {of}", 0, 1), reader.ReadInt32($"the number of non-finite steps {of}"))
            {
                RefusedSteps = reader.ReadInt32($"the number of refused steps {of}"),
                Threshold = reader.ReadFiniteOrNaN($"the threshold {of}"),
            });
        }
    }
}
