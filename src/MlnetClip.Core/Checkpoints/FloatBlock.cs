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
    /// <param name="what">The name of the vector in error messages.</param>
    /// <exception cref="InvalidDataException">Another length was written, or the entry ends before.</exception>
    public static void Read(BinaryReader reader, Span<float> values, string what)
    {
        ReadLength(reader, values.Length, what);
        if (BitConverter.IsLittleEndian)
        {
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values));
            return;
        }

        for (int i = 0; i < values.Length; i++) values[i] = reader.ReadSingle();
    }

    /// <summary>Reads a vector. It is allocated only when the entry holds as many values as it must.</summary>
    /// <param name="reader">Where from; its stream has a length.</param>
    /// <param name="length">How many values it must have.</param>
    /// <param name="what">The name of the vector in error messages.</param>
    /// <exception cref="InvalidDataException">Another length was written, or the entry ends before.</exception>
    public static float[] Read(BinaryReader reader, long length, string what)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (length > Array.MaxLength) throw FieldReader.Wrong($"the length of {what}", $"must be at most {Array.MaxLength}", $"{length}");
        long start = reader.BaseStream.Position;
        ReadLength(reader, length, what);
        reader.BaseStream.Position = start;
        var values = new float[length];
        Read(reader, values, what);
        return values;
    }

    /// <summary>Whether no value is NaN or infinite.</summary>
    public static bool IsFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
            if (!float.IsFinite(value)) return false;
        return true;
    }

    private static void ReadLength(BinaryReader reader, long expected, string what)
    {
        ArgumentNullException.ThrowIfNull(reader);
        int length = reader.ReadInt32();
        if (length != expected) throw FieldReader.Wrong($"the length of {what}", $"must be {expected}", $"{length}");
        reader.CheckLeft($"the length of {what}", length, sizeof(float));
    }
}
