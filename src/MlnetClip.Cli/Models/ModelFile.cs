using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using Microsoft.ML;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Models;

/// <summary>Model files: what <c>mlContext.Model.Save</c> writes, with the tool's memory as one more entry in the archive.</summary>
internal static class ModelFile
{
    private const string MemoryEntry = "mlnetclip.json";

    /// <summary>The bytes of a model file.</summary>
    public static byte[] Save(MLContext mlContext, ITransformer model, DataViewSchema schema, ModelMemory memory)
    {
        using var file = new MemoryStream();
        mlContext.Model.Save(model, schema, file);
        using (var archive = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        using (var entry = new StreamWriter(archive.CreateEntry(MemoryEntry).Open()))
            entry.Write(JsonText.Of(memory));
        return file.ToArray();
    }

    /// <summary>Reads a model file.</summary>
    /// <exception cref="InputException">There is none, it is damaged or newer, or it holds no forecaster.</exception>
    public static LoadedModel Load(MLContext mlContext, string path)
    {
        if (Directory.Exists(path)) throw new InputException($"A model is a file, but '{path}' is a folder.");
        if (!File.Exists(path)) throw new InputException($"There is no model '{path}'.", "mlnetclip train forecasting makes one.");
        try
        {
            return Load(mlContext, path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The model '{path}' cannot be read: {e.Message}", inner: e);
        }
    }

    /// <summary>Reads the bytes of a model file.</summary>
    /// <inheritdoc cref="Load(MLContext, string)"/>
    public static LoadedModel Load(MLContext mlContext, string path, byte[] bytes)
    {
        ModelMemory? memory = ReadMemory(path, bytes);
        ITransformer transformer;
        try
        {
            transformer = mlContext.Model.Load(new MemoryStream(bytes), out _);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new InputException($"The model '{path}' cannot be loaded: {Innermost(e).Message.Trim()}", "the file may be damaged, or made by a newer version.", e);
        }

        LstmForecastingTransformer? forecaster = transformer as LstmForecastingTransformer
            ?? (transformer as IEnumerable<ITransformer>)?.OfType<LstmForecastingTransformer>().LastOrDefault();
        return forecaster is null
            ? throw new InputException($"The model '{path}' holds no LSTM forecaster, but {transformer.GetType().Name}.")
            : new LoadedModel(path, transformer, forecaster, memory);
    }

    private static ModelMemory? ReadMemory(string path, byte[] bytes)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes));
            if (archive.GetEntry(MemoryEntry) is not { } entry) return null;
            using var stream = new MemoryStream();
            using (Stream content = entry.Open()) content.CopyTo(stream);
            var memory = JsonText.Read<ModelMemory>(stream.ToArray());
            return memory.Format <= ModelMemory.CurrentFormat
                ? memory
                : throw new InputException(
                    $"The entry {MemoryEntry} of '{path}' has format {memory.Format}, but this version of mlnetclip reads up to {ModelMemory.CurrentFormat}.",
                    "use the version that trained the model, or a newer one.");
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"'{path}' is not a model file, or it is damaged: {e.Message}", inner: e);
        }
        catch (JsonException e)
        {
            throw new InputException($"The entry {MemoryEntry} of '{path}' is damaged: {e.Message}", inner: e);
        }
    }

    /// <summary>Loaders are called by reflection, and their errors come wrapped.</summary>
    private static Exception Innermost(Exception e) => e is TargetInvocationException { InnerException: { } inner } ? Innermost(inner) : e;
}
