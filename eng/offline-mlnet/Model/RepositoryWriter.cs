using System.IO.Compression;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>A model file being written: a zip whose entries are gathered in memory until <see cref="Commit"/>.</summary>
internal sealed class RepositoryWriter
{
    private readonly List<(string Path, MemoryStream Content)> _entries = [];

    public RepositoryWriter()
    {
        using var writer = new StreamWriter(CreateEntry("TrainingInfo", "Version.txt"), leaveOpen: true);
        writer.WriteLine("5.0.0, " + ModelHeader.Banner.TrimEnd());
    }

    public MemoryStream CreateEntry(string directory, string name)
    {
        string path = PathOf(directory, name);
        Contracts.CheckParam(_entries.TrueForAll(e => e.Path != path), nameof(name), $"Duplicate entry: '{path}'");
        var content = new MemoryStream();
        _entries.Add((path, content));
        return content;
    }

    public void Commit(Stream target)
    {
        using var archive = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8);
        archive.Comment = ModelHeader.Banner;
        foreach ((string path, MemoryStream content) in _entries)
        {
            using Stream entry = archive.CreateEntry(path).Open();
            entry.Write(content.ToArray()); // works on a stream that its writer closed
        }
    }

    /// <summary>The name of an entry, with forward slashes on every platform.</summary>
    public static string PathOf(string directory, string name)
    {
        Contracts.CheckParam(directory?.Contains("..", StringComparison.Ordinal) != true, nameof(directory));
        Contracts.CheckParam(!string.IsNullOrWhiteSpace(name) && !name.Contains("..", StringComparison.Ordinal), nameof(name));
        return (string.IsNullOrEmpty(directory) ? name : $"{directory}/{name}").Replace('\\', '/');
    }
}
