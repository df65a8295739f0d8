using MlnetClip.Checkpoints;

namespace MlnetClip.Training;

/// <summary>The position of a fit: step, epoch and batch.</summary>
internal sealed class FitPosition
{
    /// <summary>The next step, from 0; skipped steps count.</summary>
    public long Step { get; private set; }

    /// <summary>The current epoch, from 0.</summary>
    public int Epoch { get; private set; }

    /// <summary>The next batch of the current epoch, from 0.</summary>
    public int Batch { get; private set; }

    /// <summary>Advances by a step.</summary>
    public void NextStep()
    {
        Step++;
        Batch++;
    }

    /// <summary>Advances to the next epoch.</summary>
    public void NextEpoch()
    {
        Epoch++;
        Batch = 0;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Step);
        writer.Write(Epoch);
        writer.Write(Batch);
    }

    public void Read(BinaryReader reader)
    {
        (Step, Epoch, Batch) = (reader.ReadInt64("the step"), reader.ReadInt32("the epoch"), reader.ReadInt32("the batch"));
    }
}
