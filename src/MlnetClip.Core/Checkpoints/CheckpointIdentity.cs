using System.Text;

namespace MlnetClip.Checkpoints;

/// <summary>The identity of a fit: fields that a checkpoint stores, and that must be equal for it to be resumed.</summary>
internal sealed class CheckpointIdentity(IReadOnlyList<CheckpointField> fields)
{
    private const int MostFields = 10_000;

    /// <summary>Writes the fields.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(fields.Count);
        foreach (CheckpointField field in fields)
        {
            writer.Write(field.Name);
            writer.Write(field.Value);
        }
    }

    /// <summary>Reads the fields of a checkpoint and compares them with these.</summary>
    /// <exception cref="InvalidDataException">They differ; the message has each field that does, with both values, and no other.</exception>
    public void Check(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        if (count is < 0 or > MostFields) throw new InvalidDataException($"A checkpoint with {count} fields.");
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++) found[reader.ReadString()] = reader.ReadString();
        var differences = new StringBuilder();
        foreach (CheckpointField field in fields)
        {
            found.Remove(field.Name, out string? value);
            if (value == field.Value) continue;
            Add(field.Name, value, field.Value);
            if (field.Hint is not null) differences.Append(Environment.NewLine).Append("    ").Append(field.Hint);
        }

        foreach ((string name, string value) in found) Add(name, value, null);
        if (differences.Length == 0) return;
        throw new InvalidDataException(
            $"The checkpoint is of another fit. What differs:{differences}{Environment.NewLine}"
            + "Hint: use the settings and data that the checkpoint was written with, or delete it to train anew.");

        void Add(string name, string? was, string? now) => differences.Append(Environment.NewLine)
            .Append($"  {name}: {Quote(was)} in the checkpoint, {Quote(now)} in this fit");
    }

    private static string Quote(string? value) => value is null ? "not there" : $"'{value}'";
}
