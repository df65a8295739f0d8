using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MlnetClip.MLNetInternals;

/// <summary>
/// How a component of ours is stored in Microsoft.ML's model files. <c>Model.key</c> has the name of this assembly and a signature, with which
/// an <see cref="MLContext"/> finds the component's loader; everything else is in one binary entry.
/// </summary>
/// <param name="ModelSignature">What kind of component it is, 8 characters.</param>
/// <param name="LoaderSignature">The name of its loader.</param>
/// <param name="Name">The name of the binary entry.</param>
/// <param name="Contents">What the entry holds, in words.</param>
internal sealed record ModelEntry(string ModelSignature, string LoaderSignature, string Name, string Contents)
{
    /// <summary>Reads the component.</summary>
    /// <exception cref="InvalidDataException">The entry is missing, damaged or newer than this code.</exception>
    public T Load<T>(ModelLoadContext context, Func<Stream, T> read)
        where T : class
    {
        MicrosoftMLVersion.Check();
        context.CheckAtModel(Version());
        T? loaded = null;
        return context.TryLoadBinaryStream(Name, reader => loaded = read(reader.BaseStream)) ? loaded! : throw Missing(Name);
    }

    /// <summary>Writes <c>Model.key</c>'s version and the binary entry.</summary>
    public void Save(ModelSaveContext context, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CheckAtModel();
        context.SetVersionInfo(Version());
        context.SaveBinaryStream(Name, writer => write(writer.BaseStream));
    }

    /// <summary>The error of a model without its binary entry.</summary>
    /// <param name="path">The entry, with its folder where it is known.</param>
    public InvalidDataException Missing(string path) => new($"The model has no entry '{path}', which holds {Contents}.{Environment.NewLine}Hint: copy the file again from its origin.");

    private VersionInfo Version() => new(
        modelSignature: ModelSignature,
        verWrittenCur: 0x00010001, // Initial
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(ModelEntry).Assembly.FullName!,
        loaderSignature: LoaderSignature);
}
