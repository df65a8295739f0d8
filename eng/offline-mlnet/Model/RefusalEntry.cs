using System.Text;

namespace Microsoft.ML;

/// <summary>
/// An entry at the root of a model file, for Microsoft.ML alone: it has the form of one of its own, and names as the
/// assembly to load a sentence that says who wrote the file. So Microsoft.ML fails with that sentence.
/// </summary>
internal static class RefusalEntry
{
    private const string Sentence = "This model was written by the offline stand-in of Microsoft.ML and can be read by that alone";
    private const long HeaderSize = 0x100;
    private const ulong Head = 0x4C45444F4D004C4D; // "ML\0MODEL"
    private const ulong Tail = 0x4D4C004D4F44454C; // "LEDOM\0LM"
    private const uint Version = 0x00010002;

    public static void Write(RepositoryWriter repository)
    {
        byte[] name = Encoding.Unicode.GetBytes(Sentence);
        using var writer = new BinaryWriter(repository.CreateEntry(null, ModelSaveContext.ModelStreamName), Encoding.UTF8, leaveOpen: true);
        writer.Write(Head);
        writer.Write(Version);
        writer.Write(Version);
        writer.Write(HeaderSize); // where the empty model block begins
        writer.Seek(0x80, SeekOrigin.Begin);
        writer.Write(HeaderSize + name.Length); // where the tail begins
        writer.Write(HeaderSize + name.Length + sizeof(ulong)); // where it ends
        writer.Write(HeaderSize); // where the assembly's name begins
        writer.Write(name.Length);
        writer.Seek((int)HeaderSize, SeekOrigin.Begin);
        writer.Write(name);
        writer.Write(Tail);
    }
}
