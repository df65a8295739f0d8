using System.Buffers.Binary;
using System.Numerics;

namespace MlnetClip.Reports.TensorBoard;

/// <summary>
/// Writes records as TensorFlow's record files have them: the length (8 bytes, little-endian), its checksum, the data, its checksum. A checksum is the CRC-32C (Castagnoli),
/// rotated right by 15 bits plus 0xa282ead8.
/// </summary>
internal static class RecordWriter
{
    public static void Write(Stream stream, ReadOnlySpan<byte> record)
    {
        Span<byte> header = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Masked(header[..8]));
        stream.Write(header);
        stream.Write(record);
        BinaryPrimitives.WriteUInt32LittleEndian(header, Masked(record));
        stream.Write(header[..4]);
    }

    /// <summary>The checksum of some bytes.</summary>
    public static uint Masked(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte b in bytes) crc = BitOperations.Crc32C(crc, b);
        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }
}
