using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip;
using MlnetClip.Forecasting;
using MlnetClip.MLNetInternals;

namespace Microsoft.ML;

/// <summary>Engines that forecast from observations that come one at a time.</summary>
public static class ForecastEngineCatalog
{
    /// <summary>Creates an engine that takes observations one at a time and forecasts what follows them.</summary>
    /// <typeparam name="TSrc">The class of observations.</typeparam>
    /// <typeparam name="TDst">The class of forecasts.</typeparam>
    /// <param name="model">A forecaster, or a chain with one whose other steps map a row to a row.</param>
    /// <param name="environment">The <see cref="MLContext"/>.</param>
    /// <param name="ignoreMissingColumns">Whether <typeparamref name="TDst"/> may have members that the model has no column for.</param>
    /// <param name="inputSchemaDefinition">The columns of <typeparamref name="TSrc"/>; null for its members.</param>
    /// <param name="outputSchemaDefinition">The columns of <typeparamref name="TDst"/>; null for its members.</param>
    /// <exception cref="ArgumentException">The model has no forecaster, or another step does not map a row to a row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that the forecaster cannot read.</exception>
    public static ForecastEngine<TSrc, TDst> CreateForecastEngine<TSrc, TDst>(
        this ITransformer model, IHostEnvironment environment, bool ignoreMissingColumns = false,
        SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null)
        where TSrc : class, new()
        where TDst : class, new()
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(environment);
        MicrosoftMLVersion.Check();
        return new ForecastEngine<TSrc, TDst>(environment, model, state: null, ignoreMissingColumns, inputSchemaDefinition, outputSchemaDefinition);
    }

    /// <summary>Creates an engine from a file that <see cref="ForecastEngine{TSrc, TDst}.CheckPoint(IHostEnvironment, string)"/> wrote; it continues after the last observation.</summary>
    /// <typeparam name="TSrc">The class of observations.</typeparam>
    /// <typeparam name="TDst">The class of forecasts.</typeparam>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="path">The file. Load files from sources that you trust only, as with <c>Model.Load</c>.</param>
    /// <param name="ignoreMissingColumns">Whether <typeparamref name="TDst"/> may have members that the model has no column for.</param>
    /// <param name="inputSchemaDefinition">The columns of <typeparamref name="TSrc"/>; null for its members.</param>
    /// <param name="outputSchemaDefinition">The columns of <typeparamref name="TDst"/>; null for its members.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or has no state of an engine.</exception>
    public static ForecastEngine<TSrc, TDst> LoadForecastEngine<TSrc, TDst>(
        this ForecastingCatalog catalog, string path, bool ignoreMissingColumns = false, SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null)
        where TSrc : class, new()
        where TDst : class, new()
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        return catalog.LoadForecastEngine<TSrc, TDst>(stream, ignoreMissingColumns, inputSchemaDefinition, outputSchemaDefinition);
    }

    /// <summary>As <see cref="LoadForecastEngine{TSrc, TDst}(ForecastingCatalog, string, bool, SchemaDefinition, SchemaDefinition)"/>, from a stream that can seek.</summary>
    /// <typeparam name="TSrc">The class of observations.</typeparam>
    /// <typeparam name="TDst">The class of forecasts.</typeparam>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="stream">The file.</param>
    /// <param name="ignoreMissingColumns">Whether <typeparamref name="TDst"/> may have members that the model has no column for.</param>
    /// <param name="inputSchemaDefinition">The columns of <typeparamref name="TSrc"/>; null for its members.</param>
    /// <param name="outputSchemaDefinition">The columns of <typeparamref name="TDst"/>; null for its members.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or has no state of an engine.</exception>
    public static ForecastEngine<TSrc, TDst> LoadForecastEngine<TSrc, TDst>(
        this ForecastingCatalog catalog, Stream stream, bool ignoreMissingColumns = false, SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null)
        where TSrc : class, new()
        where TDst : class, new()
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(stream);
        MicrosoftMLVersion.Check();
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        ZipArchiveEntry entry = archive.GetEntry(EngineState.Entry)
            ?? throw new InvalidDataException($"The file has no state of a forecast engine.{Environment.NewLine}Hint: load it with mlContext.Model.Load, and create an engine with CreateForecastEngine.");
        if (entry.CompressedLength != entry.Length) throw new InvalidDataException("The state of the forecast engine is damaged: it must not be compressed, but is."); // so that it is no larger than the file
        stream.Position = 0;
        IHostEnvironment environment = HostAccess.EnvironmentOf(catalog);
        ITransformer model = HostAccess.ModelsOf(environment).Load(stream, out _);
        using Stream state = entry.Open();
        return new ForecastEngine<TSrc, TDst>(environment, model, state, ignoreMissingColumns, inputSchemaDefinition, outputSchemaDefinition);
    }
}
