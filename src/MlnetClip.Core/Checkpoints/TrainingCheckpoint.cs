using System.Text;
using MlnetClip.Training;

namespace MlnetClip.Checkpoints;

/// <summary>The file of an unfinished fit: its identity and its <see cref="FitState"/>, in an <see cref="Envelope"/>.</summary>
internal static class TrainingCheckpoint
{
    private const string OtherFit = "MlnetClip.OtherFit"; // the key of a mark on an exception, whose type cannot be derived from

    // 1 was version 0.1's: its identity was one text, and the largest batch and the last learning rate were not in it.
    // 2 was without the trace of the steps, 3 without thresholds of epochs.
    private static readonly Envelope Envelope = new("MLCTRAIN", version: 4, "training checkpoint", oldest: 4);

    public static void Write(Stream stream, CheckpointIdentity identity, FitState state) => Envelope.Write(stream, writer =>
    {
        identity.Write(writer);
        state.Write(writer);
    });

    /// <summary>Reads a checkpoint into the state of a fit, or leaves the state as it was.</summary>
    /// <param name="stream">The checkpoint.</param>
    /// <param name="identity">The fit's identity.</param>
    /// <param name="state">The fit's state.</param>
    /// <param name="check">Throws <see cref="InvalidDataException"/> when what was read contradicts itself or the fit.</param>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, of a version that is not read, or of another fit.</exception>
    public static void Read(Stream stream, CheckpointIdentity identity, FitState state, Action check)
    {
        using var before = new MemoryStream();
        string? difference;
        try
        {
            difference = Envelope.Read(stream, (reader, _) =>
            {
                if (identity.DifferenceFrom(reader) is { } found)
                {
                    reader.BaseStream.Position = reader.BaseStream.Length;
                    return found;
                }

                using (var writer = new BinaryWriter(before, Encoding.UTF8, leaveOpen: true)) state.Write(writer);
                state.Read(reader);
                check();
                return null;
            });
        }
        catch when (before.Length > 0)
        {
            before.Position = 0;
            using var reader = new BinaryReader(before);
            state.Read(reader);
            throw;
        }

        if (difference is not null) throw new InvalidDataException(difference) { Data = { [OtherFit] = true } };
    }

    /// <summary>Whether a checkpoint was refused because it belongs to another fit, and not because it is damaged.</summary>
    public static bool IsOfAnotherFit(InvalidDataException error) => error.Data.Contains(OtherFit);
}
