using System.Reflection;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where a component reads itself from: its Model.key entry, further entries and components below it.</summary>
internal sealed class ModelLoadContext : IDisposable
{
    public const string ModelStreamName = ModelSaveContext.ModelStreamName;

    private readonly RepositoryReader _repository;
    private readonly ModelHeader _header;
    private readonly long _start;

    private ModelLoadContext(RepositoryReader repository, MemoryStream entry, string directory)
    {
        _repository = repository;
        Directory = directory;
        Reader = new BinaryReader(entry, Encoding.UTF8);
        _header = ModelHeader.Read(Reader);
        _start = entry.Position;
    }

    public string Directory { get; }

    public BinaryReader Reader { get; }

    public void CheckAtModel() => Contracts.Check(Reader.BaseStream.Position == _start);

    public void CheckAtModel(VersionInfo ver)
    {
        CheckAtModel();
        CheckVersionInfo(ver);
    }

    public void CheckVersionInfo(VersionInfo ver) => _header.Check(ver);

    public string LoadNonEmptyString()
    {
        int id = Reader.ReadInt32();
        Contracts.CheckDecode(0 <= id && id < _header.Strings.Length);
        Contracts.CheckDecode(_header.Strings[id].Length > 0);
        return _header.Strings[id];
    }

    /// <summary>Reads a further entry beside Model.key; false where there is none.</summary>
    public bool TryLoadBinaryStream(string name, Action<BinaryReader> action)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        Contracts.CheckValue(action, nameof(action));
        MemoryStream entry = _repository.OpenEntryOrNull(Directory, name);
        if (entry is null)
            return false;
        using var reader = new BinaryReader(entry, Encoding.UTF8);
        action(reader);
        return true;
    }

    /// <summary>Reads the component in a directory below this one's.</summary>
    public void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, string name) where TRes : class
    {
        if (!LoadModelOrNull<TRes, TSig>(env, out result, _repository, RepositoryWriter.PathOf(Directory, name)))
            throw Contracts.ExceptDecode("Corrupt model file");
    }

    public static bool LoadModelOrNull<TRes, TSig>(IHostEnvironment env, out TRes result, RepositoryReader repository, string directory)
        where TRes : class
    {
        result = null;
        MemoryStream entry = repository.OpenEntryOrNull(directory, ModelStreamName);
        if (entry is null)
            return false;
        using var context = new ModelLoadContext(repository, entry, directory);
        result = context.Create<TSig>(env) as TRes;
        if (result is null)
            throw env.ExceptDecode("Couldn't load model: '{0}'", directory);
        return true;
    }

    // The file names the assembly: a process that has never touched it can still load the model.
    private object Create<TSig>(IHostEnvironment env)
    {
        if (_header.LoaderAssemblyName.Length > 0)
            env.ComponentCatalog.RegisterAssembly(Assembly.Load(_header.LoaderAssemblyName));
        return env.ComponentCatalog.TryCreateInstance<TSig>(env, _header.LoaderSignature, this, out object instance) ? instance : null;
    }

    public void Dispose() => Reader.Dispose();
}
