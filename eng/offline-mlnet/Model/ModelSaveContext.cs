using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where a component writes itself: its Model.key entry, further entries and components below it.</summary>
public sealed class ModelSaveContext : IDisposable
{
    internal const string ModelStreamName = "Model.key";

    private readonly RepositoryWriter _repository;
    private readonly MemoryStream _body = new();
    private readonly List<string> _strings = [];
    private readonly Dictionary<string, int> _stringIds = [];
    private ModelHeader _header;

    internal ModelSaveContext(RepositoryWriter repository, string directory)
    {
        _repository = repository;
        Directory = directory;
        Writer = new BinaryWriter(_body, Encoding.UTF8);
    }

    internal string Directory { get; }

    internal BinaryWriter Writer { get; }

    internal void CheckAtModel() => Contracts.Check(_body.Position == 0);

    internal void SetVersionInfo(VersionInfo ver) => _header = ModelHeader.From(ver);

    internal void SaveString(string str)
    {
        Contracts.CheckValue(str, nameof(str));
        if (_stringIds.TryAdd(str, _strings.Count))
            _strings.Add(str);
        Writer.Write(_stringIds[str]);
    }

    internal void SaveNonEmptyString(string str)
    {
        Contracts.CheckParam(!string.IsNullOrEmpty(str), nameof(str));
        SaveString(str);
    }

    /// <summary>Writes a further entry beside Model.key.</summary>
    internal void SaveBinaryStream(string name, Action<BinaryWriter> action)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        Contracts.CheckValue(action, nameof(action));
        using var writer = new BinaryWriter(_repository.CreateEntry(Directory, name), Encoding.UTF8, leaveOpen: true);
        action(writer);
    }

    /// <summary>Writes a component into a directory below this one's.</summary>
    internal void SaveModel<T>(T value, string name) where T : class =>
        SaveModel(_repository, value, RepositoryWriter.PathOf(Directory, name));

    internal static void SaveModel<T>(RepositoryWriter repository, T value, string path) where T : class
    {
        if (value is null)
            return;
        if (value is not ICanSaveModel saver)
            throw Unsupported.Member($"Saving a {value.GetType().Name}, which is no ICanSaveModel,");
        Save(repository, path, saver.Save);
    }

    private static void Save(RepositoryWriter repository, string path, Action<ModelSaveContext> save)
    {
        MemoryStream entry = repository.CreateEntry(path, ModelStreamName);
        using var context = new ModelSaveContext(repository, path);
        save(context);
        Contracts.Check(context._header is not null, "ModelSignature not specified!");
        using var writer = new BinaryWriter(entry, Encoding.UTF8, leaveOpen: true);
        context._header.Write(writer, context._strings);
        writer.Write(context._body.GetBuffer().AsSpan(0, (int)context._body.Length));
    }

    public void Dispose() => Writer.Dispose();
}
