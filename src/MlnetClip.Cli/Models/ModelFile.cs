using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using Microsoft.ML;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Models;

/// <summary>Model files: what <c>mlContext.Model.Save</c> writes, with the tool's metadata as one more entry in the archive.</summary>
internal static class ModelFile
{
    private const string MetadataEntry = "mlnetclip.json";
    private const int LargestMetadata = 1 << 20;

    /// <summary>The bytes of a model file.</summary>
    public static byte[] Save(MLContext mlContext, ITransformer model, DataViewSchema schema, ModelMetadata metadata)
    {
        using var file = new MemoryStream();
        mlContext.Model.Save(model, schema, file);
        using (var archive = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        using (var entry = new StreamWriter(archive.CreateEntry(MetadataEntry).Open()))
            entry.Write(JsonText.Of(metadata));
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
        ModelMetadata? metadata = ReadMetadata(path, bytes);
        ITransformer transformer;
        DataViewSchema? schema;
        try
        {
            transformer = mlContext.Model.Load(new MemoryStream(bytes), out schema);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new InputException($"The model '{path}' cannot be loaded: {Innermost(e).Message.Trim()}", "the file may be damaged, or made by a newer version.", e);
        }

        LstmForecastingTransformer? forecaster = transformer as LstmForecastingTransformer
            ?? (transformer as IEnumerable<ITransformer>)?.OfType<LstmForecastingTransformer>().LastOrDefault();
        if (forecaster is null) throw new InputException($"The model '{path}' holds no LSTM forecaster, but {transformer.GetType().Name}.");
        return FiniteModel.ProblemWith(forecaster.Model) is { } problem
            ? throw new InputException($"The model '{path}' cannot forecast: {problem}.", "its training diverged; train it again with clipping or a smaller learning rate.")
            : new LoadedModel(path, transformer, forecaster, schema, metadata);
    }

    private static ModelMetadata? ReadMetadata(string path, byte[] bytes)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes));
            if (archive.GetEntry(MetadataEntry) is not { } entry) return null;
            if (entry.Length > LargestMetadata) throw new InputException($"The entry {MetadataEntry} of '{path}' is damaged: it has {entry.Length} bytes.");
            var content = new byte[entry.Length];
            using (Stream stream = entry.Open()) stream.ReadExactly(content);
            var metadata = JsonText.Read<ModelMetadata>(content);
            if (metadata.Format > ModelMetadata.CurrentFormat)
            {
                throw new InputException(
                    $"The entry {MetadataEntry} of '{path}' has format {metadata.Format}, but this version of mlnetclip reads up to {ModelMetadata.CurrentFormat}.",
                    "use the version that trained the model, or a newer one.");
            }

            return metadata.Problem() is { } problem ? throw new InputException($"The entry {MetadataEntry} of '{path}' is damaged: {problem}.") : metadata;
        }
        catch (JsonException e)
        {
            throw new InputException($"The entry {MetadataEntry} of '{path}' is damaged: {e.Message}", inner: e);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw new InputException($"'{path}' is not a model file, or it is damaged: {e.Message}", inner: e);
        }
    }

    /// <summary>Loaders are called by reflection, and their errors come wrapped.</summary>
    private static Exception Innermost(Exception e) => e is TargetInvocationException { InnerException: { } inner } ? Innermost(inner) : e;
}
