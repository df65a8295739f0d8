using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using Microsoft.ML;
using MlnetClip.Cli.Output;
using MlnetClip.Cli.Tasks;

namespace MlnetClip.Cli.Models;

/// <summary>Model files: what <c>mlContext.Model.Save</c> writes, with the tool's metadata as one more entry in the archive.</summary>
internal static class ModelArchive
{
    private const string MetadataEntry = "mlnetclip.json";
    private const int LargestMetadata = 1 << 20;
    private const string Hint = "the file may be damaged, or made by a newer version.";

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

    /// <summary>Reads a model file as data: nothing that it names is loaded.</summary>
    /// <exception cref="InputException">There is none, it is damaged or newer, or it holds no model of MlnetClip.</exception>
    public static InspectedModel Inspect(string path) => Inspect(path, Read(path));

    /// <summary>Reads a model file and loads it with Microsoft.ML.</summary>
    /// <exception cref="InputException">There is none, it is damaged or newer, or it holds no model of MlnetClip that the tool can use.</exception>
    public static AnyModel Load(MLContext mlContext, string path) => Load(mlContext, path, Read(path));

    /// <summary>Loads the bytes of a model file.</summary>
    /// <inheritdoc cref="Load(MLContext, string)"/>
    public static AnyModel Load(MLContext mlContext, string path, byte[] bytes)
    {
        InspectedModel inspected = Inspect(path, bytes); // first, since it names what is wrong and finds files that unpack to too much
        if (inspected.Forecaster is null && inspected.Metadata?.Sequences is null) throw NotOfTheTool(inspected);
        (ITransformer transformer, DataViewSchema? schema) = LoadWhole(mlContext, path, bytes);
        if (Find<LstmForecastingTransformer>(transformer) is { } forecaster) return new LoadedModel(path, transformer, forecaster, schema, inspected.Metadata);
        if (inspected.Metadata?.Sequences is not null && Find<LstmPredictionTransformer>(transformer) is { } predictor)
            return new LoadedSequenceModel(path, transformer, SequenceTask.All.Single(task => task.Kind == inspected.Sequences!.Task), predictor, schema, inspected.Metadata);
        throw new InputException($"The model '{path}' holds no model of MlnetClip, but {transformer.GetType().Name}.");
    }

    /// <summary>Loads a model file, whatever its pipeline; also one over sequences that was saved without the tool.</summary>
    /// <exception cref="InputException">There is none, it is damaged or newer, or it holds no model of MlnetClip.</exception>
    public static (ITransformer Transformer, DataViewSchema? Schema) LoadAny(MLContext mlContext, string path)
    {
        byte[] bytes = Read(path);
        Inspect(path, bytes); // first, since it names what is wrong and finds files that unpack to too much
        return LoadWhole(mlContext, path, bytes);
    }

    private static (ITransformer Transformer, DataViewSchema? Schema) LoadWhole(MLContext mlContext, string path, byte[] bytes)
    {
        try
        {
            return (mlContext.Model.Load(new MemoryStream(bytes), out DataViewSchema? schema), schema);
        }
        catch (Exception e) // Microsoft.ML may throw any exception for a damaged component
        {
            throw CannotBeLoaded(path, Innermost(e));
        }
    }

    private static T? Find<T>(ITransformer transformer)
        where T : class => transformer as T ?? (transformer as IEnumerable<ITransformer>)?.Select(Find<T>).LastOrDefault(found => found is not null);

    private static byte[] Read(string path)
    {
        if (Directory.Exists(path)) throw new InputException($"A model is a file, but '{path}' is a folder.");
        if (!File.Exists(path)) throw new InputException($"There is no model '{path}'.", "train one with mlnetclip train.");
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (!stream.CanSeek || stream.Length > Array.MaxLength) throw new InputException($"'{path}' is not a model file: it is a device, or larger than any model.");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The model '{path}' cannot be read: {e.Message}", inner: e);
        }
    }

    private static InspectedModel Inspect(string path, byte[] bytes)
    {
        ModelMetadata? metadata = ReadMetadata(path, bytes);
        try
        {
            ModelFileContents contents = ModelFile.Inspect(new MemoryStream(bytes));
            if (contents.Forecasters.Count > 0) return new InspectedModel(path, contents.Forecasters[^1], null, contents, metadata);
            if (contents.SequenceModels.Count > 0) return new InspectedModel(path, null, contents.SequenceModels[^1], contents, metadata);
            throw NoModel(path, contents);
        }
        catch (InvalidDataException e)
        {
            throw CannotBeLoaded(path, e);
        }
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
        catch (Exception e) when (e is IOException or InvalidDataException or NotSupportedException or ArgumentException or InvalidOperationException or OverflowException)
        {
            throw new InputException($"'{path}' is not a model file, or it is damaged: {e.Message}", inner: e);
        }
    }

    private static InputException NoModel(string path, ModelFileContents contents)
    {
        string held = contents.Components.Count == 0 ? "no component" : string.Join(", ", contents.Components.Select(component => component.LoaderSignature).Distinct());
        return new InputException($"The model '{path}' cannot be loaded: it holds no model of MlnetClip, but {held}.");
    }

    /// <summary>A model over sequences of which the tool does not know how its columns are made from those of a file.</summary>
    private static InputException NotOfTheTool(InspectedModel model) => new(
        $"The model '{model.Path}' cannot be used: it is a model over sequences ({model.Sequences!.Task}) that was not saved by mlnetclip, so the columns of its sequences are not known.",
        $"mlnetclip inspect {model.Path} shows it; mlContext.Model.Load loads it in C#.");

    private static InputException CannotBeLoaded(string path, Exception e)
    {
        string[] parts = e.Message.Trim().Split($"{Environment.NewLine}Hint: ", 2);
        return new InputException($"The model '{path}' cannot be loaded: {parts[0]}", parts.Length > 1 ? parts[1] : Hint, e);
    }

    /// <summary>Loaders are called by reflection, which wraps their exceptions.</summary>
    private static Exception Innermost(Exception e) => e is TargetInvocationException { InnerException: { } inner } ? Innermost(inner) : e;
}
