using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace MlnetClip.TestKit;

/// <summary>Makes damaged copies of files, the same ones for the same seed.</summary>
/// <param name="seed">Decides all of them.</param>
public sealed partial class Mutator(int seed)
{
    private const int EnvelopeHeader = 20, Checksum = 32;

    private static readonly int[] Integers = [0, 1, -1, 2, 7, 255, 256, 1000, 65_536, 65_537, 1_000_000, 100_000_000, int.MaxValue, int.MaxValue - 1, int.MinValue];
    private static readonly double[] Reals =
        [0, -0.0, 1, -1, 0.5, 1e-320, 1e-30, 1e30, -1e30, 1e300, double.MaxValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    private static readonly string[] Tokens =
    [
        "-1", "0", "1", "2", "0.5", "1001", "100000", "2147483647", "2147483648", "2000000000", "99999999999999999999", "1e-30", "1e30", "1e300", "1e999", "-1e30",
        "null", "true", "false", "\"\"", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "\"x\"", "\" \"", "\"\\ud800\"", "\"Recurrent\"", "\"Dropout\"", "\"2\"",
        "[]", "[null]", "[1]", "{}", "{\"Type\":\"Dropout\",\"Probability\":0.5}", "[[[[[[[[]]]]]]]]", "\"norm:1+norm:1\"",
    ];

    private readonly Random _random = new(seed);

    /// <summary>A damaged copy of any bytes: 1 to 3 changes of bits, numbers, length or order.</summary>
    public byte[] Bytes(byte[] good)
    {
        byte[] bytes = [.. good];
        for (int changes = _random.Next(1, 4); changes > 0; changes--) bytes = Change(bytes);
        return bytes;
    }

    /// <summary>A damaged copy of an entry with a checksum: every second one with a checksum and a length that fit again.</summary>
    public byte[] Entry(byte[] good)
    {
        if (_random.Next(2) == 0) return Bytes(good);
        return Seal(good, Bytes(good[EnvelopeHeader..^Checksum]));
    }

    /// <summary>
    /// As <see cref="Entry"/>, for an entry whose payload begins with a JSON text: where the checksum fits, half of the changes are to
    /// values in that text, whose length fits then too.
    /// </summary>
    public byte[] EntryWithJson(byte[] good)
    {
        if (_random.Next(4) != 0) return Entry(good);
        return SealJson(good, Json);
    }

    /// <summary>An entry with another JSON text before the rest of its payload, and the checksum that fits.</summary>
    public static byte[] SealJson(byte[] good, Func<string, string> change)
    {
        using var reader = new BinaryReader(new MemoryStream(good[EnvelopeHeader..^Checksum]));
        string json = reader.ReadString();
        using var payload = new MemoryStream();
        using var writer = new BinaryWriter(payload);
        writer.Write(change(json));
        writer.Write(reader.ReadBytes(good.Length));
        return Seal(good, payload.ToArray());
    }

    /// <summary>An entry with another payload, and the length and checksum that fit.</summary>
    public static byte[] Seal(byte[] good, byte[] payload)
    {
        byte[] content = [.. good[..EnvelopeHeader], .. payload];
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(12), payload.Length);
        return [.. content, .. SHA256.HashData(content)];
    }

    /// <summary>A JSON text with 1 to 3 values replaced, left out or moved.</summary>
    public string Json(string json)
    {
        for (int changes = _random.Next(1, 4); changes > 0; changes--)
        {
            MatchCollection tokens = Value().Matches(json);
            if (tokens.Count == 0) return json;
            Match token = tokens[_random.Next(tokens.Count)];
            string replacement = _random.Next(8) switch
            {
                0 => "",
                1 => tokens[_random.Next(tokens.Count)].Value,
                _ => Tokens[_random.Next(Tokens.Length)],
            };
            json = string.Concat(json.AsSpan(0, token.Index), replacement, json.AsSpan(token.Index + token.Length));
        }

        return json;
    }

    private byte[] Change(byte[] bytes)
    {
        if (bytes.Length == 0) return [(byte)_random.Next(256)];
        int at = _random.Next(bytes.Length);
        Span<byte> number = stackalloc byte[8];
        switch (_random.Next(10))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)_random.Next(256);
                return bytes;
            case 2 or 3:
                BinaryPrimitives.WriteInt32LittleEndian(number, Integers[_random.Next(Integers.Length)]);
                return Overwrite(bytes, at, number[..4]);
            case 4:
                BinaryPrimitives.WriteInt64LittleEndian(number, _random.Next(2) == 0 ? Integers[_random.Next(Integers.Length)] : _random.NextInt64(long.MinValue, long.MaxValue));
                return Overwrite(bytes, at, number);
            case 5:
                BinaryPrimitives.WriteSingleLittleEndian(number, (float)Reals[_random.Next(Reals.Length)]);
                return Overwrite(bytes, at, number[..4]);
            case 6:
                BinaryPrimitives.WriteDoubleLittleEndian(number, Reals[_random.Next(Reals.Length)]);
                return Overwrite(bytes, at, number);
            case 7:
                return bytes[..at];
            case 8:
                int end = Math.Min(bytes.Length, at + _random.Next(1, 16));
                return [.. bytes[..at], .. bytes[end..]];
            default:
                byte[] inserted = new byte[_random.Next(1, 16)];
                if (_random.Next(2) == 0) _random.NextBytes(inserted);
                else bytes.AsSpan(0, Math.Min(bytes.Length, inserted.Length)).CopyTo(inserted);
                return [.. bytes[..at], .. inserted, .. bytes[at..]];
        }
    }

    private static byte[] Overwrite(byte[] bytes, int at, ReadOnlySpan<byte> number)
    {
        number[..Math.Min(number.Length, bytes.Length - at)].CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    [GeneratedRegex("""("(?:[^"\\]|\\.)*")|-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false|null""")]
    private static partial Regex Value();
}
