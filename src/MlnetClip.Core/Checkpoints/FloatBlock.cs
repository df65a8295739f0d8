using System.Runtime.InteropServices;

namespace MlnetClip.Checkpoints;

/// <summary>Float vectors in a binary entry: length (int32), then the values, little-endian.</summary>
public static class FloatBlock
{
    /// <summary>Writes a vector.</summary>
    public static void Write(BinaryWriter writer, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(values.Length);
        if (BitConverter.IsLittleEndian)
        {
            writer.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        foreach (float value in values) writer.Write(value);
    }

    /// <summary>Reads into a vector of a known length.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="values">Receives the values.</param>
    /// <param name="what">What the vector is called in errors.</param>
    /// <exception cref="InvalidDataException">Another length was written.</exception>
    public static void Read(BinaryReader reader, Span<float> values, string what)
    {
        ArgumentNullException.ThrowIfNull(reader);
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
