using System.Text;

namespace MlnetClip.Checkpoints;

/// <summary>The identity of a fit: fields that a checkpoint stores, and that must be equal for it to be resumed.</summary>
internal sealed class CheckpointIdentity(IReadOnlyList<CheckpointField> fields)
{
    private const int MostFields = 10_000;
    private const int LongestShown = 400;

    /// <summary>The fields.</summary>
    public IReadOnlyList<CheckpointField> Fields => fields;

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
    /// <returns>The error where they differ: each field that does, with both values, and no other. Null where they do not.</returns>
    /// <exception cref="InvalidDataException">The fields cannot be read.</exception>
    public string? DifferenceFrom(BinaryReader reader)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int left = reader.ReadCount("the number of fields of the identity", 2, MostFields); left > 0; left--)
            found[reader.ReadText("a field of the identity")] = reader.ReadText("a value of the identity");
        var differences = new StringBuilder();
        foreach (CheckpointField field in fields)
        {
            found.Remove(field.Name, out string? value);
            if (value == field.Value) continue;
            Add(field.Name, value, field.Value);
            if (field.Hint is not null) differences.Append(Environment.NewLine).Append("    ").Append(field.Hint);
        }

        foreach ((string name, string value) in found) Add(name, value, null);
        if (differences.Length == 0) return null;
        return $"The checkpoint belongs to another fit. Differences:{differences}{Environment.NewLine}"
            + "Hint: use the settings and data that the checkpoint was written with, or delete it to start training from the beginning.";

        void Add(string name, string? was, string? now) => differences.Append(Environment.NewLine)
            .Append($"  {Short(name)}: {Quote(was)} in the checkpoint, {Quote(now)} in this fit");
    }

    private static string Quote(string? value) => value is null ? "missing" :  $"'{Short(value)}'";

    private static string Short(string text) => text.Length <= LongestShown ? text : $"{text.AsSpan(0, LongestShown)}...";
}
