using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MlnetClip.Sequences;

/// <summary>SHA-256 of sequences as they are read, so that a checkpoint is resumed with the same data only.</summary>
internal sealed class SequenceHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _filled;

    /// <summary>Adds a sequence with its targets and weights.</summary>
    public void Add(ISequenceRows row)
    {
        Append(row.Values);
        Append(row.Ids);
        Append(row.Targets);
        Append(row.Weights);
    }

    /// <summary>The hash of what was added, in hexadecimal; equal for equal data.</summary>
    public string End()
    {
        Flush();
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private void Append<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        int length = values.Length; // the lengths keep sequences apart
        AppendBytes(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in length)));
        AppendBytes(MemoryMarshal.AsBytes(values));
    }

    private void AppendBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - _filled) Flush();
        if (bytes.Length > _buffer.Length)
        {
            _hash.AppendData(bytes);
            return;
        }

        bytes.CopyTo(_buffer.AsSpan(_filled));
        _filled += bytes.Length;
    }

    private void Flush()
    {
        _hash.AppendData(_buffer, 0, _filled);
        _filled = 0;
    }
}
