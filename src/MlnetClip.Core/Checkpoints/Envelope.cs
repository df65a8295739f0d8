using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MlnetClip.Checkpoints;

/// <summary>
/// The envelope of every binary entry: magic (8 bytes), format version (int32), payload length (int64),
/// payload, SHA-256 of everything before it. Little-endian.
/// </summary>
/// <param name="magic">Eight ASCII characters that name the kind of entry.</param>
/// <param name="version">The newest format version that this code writes and reads, from 1.</param>
/// <param name="oldest">The oldest format version that this code reads, from 1.</param>
/// <param name="what">The name of the entry in error messages, a noun in the singular such as <c>training checkpoint</c>.</param>
public sealed class Envelope(string magic, int version, string what, int oldest = 1)
{
    private const int HeaderLength = 8 + sizeof(int) + sizeof(long);

    /// <summary>Writes an entry. The payload is first collected in memory, so that a writer that fails leaves the stream unchanged.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="writePayload">Writes the payload.</param>
    public void Write(Stream stream, Action<BinaryWriter> writePayload)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(writePayload);
        using var buffer = new MemoryStream();
        buffer.Position = HeaderLength;
        using var writer = new BinaryWriter(buffer);
        writePayload(writer);
        writer.Flush();
        Span<byte> bytes = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
        System.Text.Encoding.ASCII.GetBytes(magic, bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[12..], bytes.Length - HeaderLength);
        stream.Write(bytes);
        stream.Write(SHA256.HashData(bytes));
    }

    /// <summary>Reads an entry written by <see cref="Write"/>, checking magic, version, length and checksum before the payload.</summary>
    /// <param name="stream">Where from; read to the end of the entry.</param>
    /// <param name="readPayload">Reads the payload; gets the entry's format version. It throws <see cref="InvalidDataException"/> for a field that cannot be
    /// right, with a message without a full stop that begins with the field.</param>
    /// <exception cref="InvalidDataException">The entry is of another kind, newer than this code, cut off, or damaged; the message names the entry and the field.</exception>
    public T Read<T>(Stream stream, Func<BinaryReader, int, T> readPayload)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(readPayload);
        byte[] header = ReadUpTo(stream, HeaderLength);
        if (header.Length < HeaderLength) throw Damaged($"it ends after {header.Length} bytes, within the header");
        string foundMagic = System.Text.Encoding.ASCII.GetString(header, 0, 8);
        if (foundMagic != magic) throw new InvalidDataException($"This is not a {what} of MlnetClip: it begins with '{Printable(foundMagic)}' instead of '{magic}'.");
        int foundVersion = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8));
        if (foundVersion > version)
        {
            throw new InvalidDataException(
                $"The {what} has format version {foundVersion}; this MlnetClip reads up to version {version}.{Environment.NewLine}"
                + "Hint: use the version of MlnetClip that wrote the file, or a newer one.");
        }

        if (foundVersion >= 1 && foundVersion < oldest)
        {
            throw new InvalidDataException(
                $"The {what} has format version {foundVersion}; this MlnetClip reads version {oldest} and newer.{Environment.NewLine}"
                + "Hint: continue with the version of MlnetClip that wrote the file, or start from the beginning.");
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(12));
        if (foundVersion < 1 || length < 0 || length > Array.MaxLength) throw Damaged("the header is invalid");
        byte[] payload = ReadUpTo(stream, (int)length);
        byte[] checksum = ReadUpTo(stream, SHA256.HashSizeInBytes);
        if (payload.Length < length || checksum.Length < SHA256.HashSizeInBytes)
            throw Damaged($"{HeaderLength + length + SHA256.HashSizeInBytes} bytes were written, but there are {HeaderLength + payload.Length + checksum.Length}");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        hash.AppendData(payload);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(checksum)) throw Damaged("the checksum does not match");
        using var reader = new BinaryReader(new MemoryStream(payload, writable: false));
        T result;
        try
        {
            result = readPayload(reader, foundVersion);
        }
        catch (InvalidDataException error)
        {
            throw Damaged(error.Message, error);
        }
        catch (Exception error) when (error is IOException or FormatException) // an end, or a text that cannot be one
        {
            throw Damaged("it ends in the middle of a field, or a field has no possible length", error);
        }

        return reader.BaseStream.Position == length ? result : throw Damaged($"{length - reader.BaseStream.Position} bytes are left over");
    }

    private InvalidDataException Damaged(string how, Exception? inner = null) =>
        new($"The {what} is damaged: {how}.{Environment.NewLine}Hint: copy the file again from its origin, or train the model again.", inner);

    private static string Printable(string text) => new([.. text.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '.')]);

    private static byte[] ReadUpTo(Stream stream, int count)
    {
        // A damaged length must not make us allocate what the stream does not hold.
        var buffer = new MemoryStream();
        Span<byte> chunk = stackalloc byte[4096];
        while (buffer.Length < count)
        {
            int read = stream.Read(chunk[..(int)Math.Min(chunk.Length, count - buffer.Length)]);
            if (read == 0) break;
            buffer.Write(chunk[..read]);
        }

        return buffer.ToArray();
    }
}
