using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// The head of a Model.key entry. The stand-in's own format: a line of text that says what wrote it, then the
/// component's versions, its loader, its strings and the size of what follows.
/// </summary>
internal sealed class ModelHeader
{
    public const string Banner = "Written by the offline stand-in of Microsoft.ML; only the stand-in can read this.\n";
    private const ulong RealSignature = 0x4C45444F4D004C4D; // how Microsoft.ML's own entries begin
    private static readonly byte[] BannerBytes = Encoding.ASCII.GetBytes(Banner);

    public ulong ModelSignature { get; private set; }

    public uint VerWritten { get; private set; }

    public uint VerReadable { get; private set; }

    public string LoaderSignature { get; private set; } = "";

    public string LoaderAssemblyName { get; private set; } = "";

    public string[] Strings { get; private set; } = [];

    public static ModelHeader From(VersionInfo version) => new()
    {
        ModelSignature = version.ModelSignature,
        VerWritten = version.VerWrittenCur,
        VerReadable = version.VerReadableCur,
        LoaderSignature = version.LoaderSignature ?? "",
        LoaderAssemblyName = version.LoaderAssemblyName ?? "",
    };

    public void Write(BinaryWriter writer, IReadOnlyCollection<string> strings)
    {
        writer.Write(BannerBytes);
        writer.Write(ModelSignature);
        writer.Write(VerWritten);
        writer.Write(VerReadable);
        writer.Write(LoaderSignature);
        writer.Write(LoaderAssemblyName);
        writer.Write(strings.Count);
        foreach (string text in strings)
            writer.Write(text);
    }

    public static ModelHeader Read(BinaryReader reader)
    {
        byte[] start = reader.ReadBytes(BannerBytes.Length);
        if (start.Length >= sizeof(ulong) && BitConverter.ToUInt64(start) == RealSignature)
            throw Contracts.ExceptDecode("This model was written by Microsoft.ML itself; the offline stand-in of Microsoft.ML, on which this program was built, cannot read it.");
        Contracts.CheckDecode(start.AsSpan().SequenceEqual(BannerBytes), "Wrong file type");
        return new()
        {
            ModelSignature = reader.ReadUInt64(),
            VerWritten = reader.ReadUInt32(),
            VerReadable = reader.ReadUInt32(),
            LoaderSignature = reader.ReadString(),
            LoaderAssemblyName = reader.ReadString(),
            Strings = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadString())],
        };
    }

    public void Check(VersionInfo version)
    {
        Contracts.CheckDecode(ModelSignature == version.ModelSignature, "Unknown file type");
        Contracts.CheckDecode(VerReadable <= VerWritten, "Corrupt file header");
        Contracts.CheckDecode(VerReadable <= version.VerWrittenCur,
            $"Cannot read component '{version.LoaderSignature}' of the model, because the model is too new: maximum expected version {version.VerWrittenCur}, got {VerReadable}.");
        Contracts.CheckDecode(VerWritten >= version.VerWeCanReadBack,
            $"Cannot read component '{version.LoaderSignature}' of the model, because the model is too old: minimum expected version {version.VerWeCanReadBack}, got {VerWritten}.");
    }
}
