using System.IO.Compression;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>A model file being read.</summary>
internal sealed class RepositoryReader : IDisposable
{
    private readonly ZipArchive _archive;

    public RepositoryReader(Stream stream, IExceptionContext context)
    {
        try
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException exception)
        {
            throw context.ExceptDecode(exception, "Failed to open a zip archive");
        }
    }

    /// <summary>The whole entry in memory, or null.</summary>
    public MemoryStream OpenEntryOrNull(string directory, string name)
    {
        string path = RepositoryWriter.PathOf(directory, name);
        ZipArchiveEntry entry = _archive.Entries.FirstOrDefault(e => e.FullName.Replace('\\', '/') == path);
        if (entry is null)
            return null;
        var content = new MemoryStream();
        using (Stream source = entry.Open())
            source.CopyTo(content);
        content.Position = 0;
        return content;
    }

    public void Dispose() => _archive.Dispose();
}
