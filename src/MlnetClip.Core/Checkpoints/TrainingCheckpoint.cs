using MlnetClip.Training;

namespace MlnetClip.Checkpoints;

/// <summary>The file of a fit under way: its identity and its <see cref="FitState"/>, in an <see cref="Envelope"/>.</summary>
internal static class TrainingCheckpoint
{
    // 1 was version 0.1's: its identity was one text, and the largest batch and the last learning rate were not in it.
    private static readonly Envelope Envelope = new("MLCTRAIN", version: 2, "training checkpoint", oldest: 2);

    public static void Write(Stream stream, CheckpointIdentity identity, FitState state) => Envelope.Write(stream, writer =>
    {
        identity.Write(writer);
        state.Write(writer);
    });

    /// <exception cref="InvalidDataException">The checkpoint is damaged, of a version that is not read, or of another fit; the state is then as it was
    /// unless the damage lies behind an intact checksum.</exception>
    public static void Read(Stream stream, CheckpointIdentity identity, FitState state) => Envelope.Read(stream, (reader, _) =>
    {
        try
        {
            identity.Check(reader);
            state.Read(reader);
            return true;
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("The training checkpoint is damaged: its content contradicts itself.", error);
        }
    });
}
