using System.Runtime.InteropServices;

namespace MlnetClip.Checkpoints;

/// <summary>Float vectors in a binary entry: length (int32), then the values, little-endian.</summary>
internal static class FloatBlock
{
    internal static void Write(BinaryWriter writer, ReadOnlySpan<float> values)
    {
        writer.Write(values.Length);
        if (BitConverter.IsLittleEndian)
        {
            writer.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        foreach (float value in values) writer.Write(value);
    }

    /// <summary>Reads into a vector of a known length.</summary>
    internal static void Read(BinaryReader reader, Span<float> values, string what)
    {
        int length = reader.ReadInt32();
        if (length != values.Length) throw new InvalidDataException($"{what} has {length} values; {values.Length} were expected.");
        if (BitConverter.IsLittleEndian)
        {
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values));
            return;
        }

        for (int i = 0; i < values.Length; i++) values[i] = reader.ReadSingle();
    }
}
