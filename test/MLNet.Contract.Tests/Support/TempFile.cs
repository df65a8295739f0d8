namespace MLNet.Contract.Tests.Support;

/// <summary>A file for one test.</summary>
internal sealed class TempFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnet-contract-").FullName;

    public TempFile(string? content = null)
    {
        Path = System.IO.Path.Combine(_folder, "file");
        if (content is not null)
            File.WriteAllText(Path, content);
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
