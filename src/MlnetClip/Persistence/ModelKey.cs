using System.Buffers.Binary;
using System.Text;

namespace MlnetClip.Persistence;

/// <summary>What Microsoft.ML's <c>Model.key</c> contains about a component: a header of 256 bytes, followed by the name of the assembly.</summary>
/// <param name="ModelSignature">What kind of component it is, 8 characters.</param>
/// <param name="LoaderSignature">The name of its loader.</param>
/// <param name="LoaderAssembly">The assembly of its loader; empty where none is named.</param>
internal sealed record ModelKey(string ModelSignature, string LoaderSignature, string LoaderAssembly)
{
    /// <summary>The entry's name.</summary>
    public const string Entry = "Model.key";

    private const int HeaderLength = 256, SignatureAt = 64, LoaderAt = 80, LoaderLength = 24, AssemblyAt = 144, AssemblyLengthAt = 152;

    /// <summary>Reads an entry.</summary>
    /// <exception cref="InvalidDataException">It is no <c>Model.key</c>.</exception>
    public static ModelKey Read(ReadOnlySpan<byte> entry)
    {
        if (entry.Length < HeaderLength || !entry.StartsWith("ML\0MODEL"u8))
            throw SavedField.Wrong("the header", "must begin with 'ML.MODEL' and have 256 bytes", "something else");
        long start = BinaryPrimitives.ReadInt64LittleEndian(entry[AssemblyAt..]), length = BinaryPrimitives.ReadInt64LittleEndian(entry[AssemblyLengthAt..]);
        if (start < 0 || length < 0 || start > entry.Length || length > entry.Length - start)
            throw SavedField.Wrong("the name of the assembly", $"must lie within the {entry.Length} bytes", $"{length} bytes from {start} on");
        return new ModelKey(
            Ascii(entry.Slice(SignatureAt, 8)), Ascii(entry.Slice(LoaderAt, LoaderLength)), Encoding.Unicode.GetString(entry.Slice((int)start, (int)length)));
    }

    private static string Ascii(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes).TrimEnd('\0');
}
