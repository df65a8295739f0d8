using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.Checkpoints;
using MlnetClip.Forecasting;
using MlnetClip.MLNetInternals;

namespace MlnetClip;

/// <summary>
/// Takes the observations of one or several series one at a time and forecasts what follows, with the verbs of Microsoft.ML's <c>TimeSeriesPredictionEngine</c>. The steps of the model before and after the
/// forecaster are applied. Its forecasts are those of <see cref="ITransformer.Transform"/> over the same rows. Create it with
/// <see cref="ForecastEngineCatalog.CreateForecastEngine{TSrc, TDst}"/>, or from a checkpoint with <see cref="ForecastEngineCatalog.LoadForecastEngine{TSrc, TDst}(ForecastingCatalog, string, bool, Microsoft.ML.Data.SchemaDefinition, Microsoft.ML.Data.SchemaDefinition)"/>.
/// </summary>
/// <remarks>
/// Safe for calls from several threads, which are carried out one after the other. An observation is stored in the window of its series and costs no pass of the network; a forecast costs a pass
/// over the window. Its values are copied, so that the object may be changed and used again. The network's state is not carried on from row to row: a forecast depends on the rows of its window only, and most scalings change every input of the window with each row.
/// </remarks>
/// <typeparam name="TSrc">The class of observations; its members are the columns that the model reads.</typeparam>
/// <typeparam name="TDst">The class of forecasts; its members are columns that the model creates, or columns of the last observation.</typeparam>
public sealed class ForecastEngine<TSrc, TDst> : IDisposable
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Lock _gate = new();
    private readonly ITransformer _model;
    private readonly ExampleRow<TSrc> _example, _future;
    private readonly EngineCore _core;
    private readonly PredictionRow<TDst> _prediction;
    private readonly HeldRow _held;
    private TSrc _taken = new(); // the last observation taken; an empty object before the first
    private bool _isDisposed;

    internal ForecastEngine(
        IHostEnvironment environment, ITransformer model, Stream? state, bool ignoreMissingColumns, SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null)
    {
        _model = model;
        var steps = new EngineSteps(model);
        _example = new ExampleRow<TSrc>(environment, inputSchemaDefinition);
        _future = new ExampleRow<TSrc>(environment, inputSchemaDefinition);
        _held = new HeldRow(_example.Row);
        _core = new EngineCore(steps, _held, _future.Row, state is null ? null : EngineState.Read(state, steps.Forecaster));
        _prediction = new PredictionRow<TDst>(environment, _core.Output, ignoreMissingColumns, outputSchemaDefinition);
        _example.Set(_taken);
        _held.Read();
        _held.Keep();
    }

    /// <summary>Takes an observation, the next row of its series, without a forecast.</summary>
    /// <exception cref="InvalidDataException">A value is infinite, the time goes backwards, or the series is to be refused; then the observation is not taken.</exception>
    public void Observe(TSrc example)
    {
        ArgumentNullException.ThrowIfNull(example);
        lock (_gate) Take(example, []);
    }

    /// <summary>Takes observations in their order, for example the last window of rows before the first forecast.</summary>
    /// <exception cref="InvalidDataException">A value is infinite, the time goes backwards, or the series is to be refused; then the observations from that one on are not taken.</exception>
    public void Observe(IEnumerable<TSrc> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        foreach (TSrc example in examples) Observe(example);
    }

    /// <summary>Takes an observation and forecasts the rows that follow it.</summary>
    /// <param name="example">The next row of its series.</param>
    /// <param name="future">
    /// With future covariates: the rows that follow, with their covariates and times; targets and past covariates are not read. A step without a row has a forecast of NaN. Null for none.
    /// </param>
    /// <returns>The forecast; NaN while fewer rows than a window have been observed.</returns>
    /// <exception cref="ArgumentException">There are future rows, but the forecaster reads none; they are too many, or of another series; then the observation is not taken.</exception>
    /// <exception cref="InvalidDataException">A value is infinite, the time goes backwards, or the series is to be refused; then the observation is not taken.</exception>
    public TDst Predict(TSrc example, IEnumerable<TSrc>? future = null)
    {
        ArgumentNullException.ThrowIfNull(example);
        lock (_gate)
        {
            int series = Take(example, future);
            return Forecast(series);
        }
    }

    /// <summary>Forecasts the rows that follow the last observation, without taking another one.</summary>
    public TDst Predict() => PredictSeries();

    /// <summary>Forecasts a series, without taking an observation. Members of the forecast that are columns of the input have the values of the last observation of any series.</summary>
    /// <param name="seriesName">The series; null for that of the last observation.</param>
    /// <param name="future">The rows that follow, as for <see cref="Predict(TSrc, IEnumerable{TSrc})"/>.</param>
    /// <exception cref="ArgumentException">No row of the series has been observed; or the future rows are not those that the forecaster can read.</exception>
    public TDst PredictSeries(string? seriesName = null, IEnumerable<TSrc>? future = null)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            (int series, DateTime time) = seriesName is null ? _core.Last() : _core.Find(seriesName);
            ReadFuture(future, series, time);
            return Forecast(series);
        }
    }

    /// <summary>
    /// Writes the model and the observations that later forecasts depend on to a file, from which <c>mlContext.Forecasting.LoadForecastEngine</c> continues. The file is also a model file, which
    /// <c>mlContext.Model.Load</c> reads. It replaces an older file when it is complete.
    /// </summary>
    /// <param name="environment">The <see cref="MLContext"/>.</param>
    /// <param name="modelPath">The file.</param>
    public void CheckPoint(IHostEnvironment environment, string modelPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        using var written = new MemoryStream();
        CheckPoint(environment, written);
        AtomicFile.Write(modelPath, file => file.Write(written.GetBuffer().AsSpan(0, (int)written.Length)));
    }

    /// <summary>As <see cref="CheckPoint(IHostEnvironment, string)"/>, to a stream.</summary>
    /// <param name="environment">The <see cref="MLContext"/>.</param>
    /// <param name="stream">Where to.</param>
    public void CheckPoint(IHostEnvironment environment, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(stream);
        using var written = new MemoryStream();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            HostAccess.ModelsOf(environment).Save(_model, _example.Row.Schema, written);
            using var archive = new ZipArchive(written, ZipArchiveMode.Update, leaveOpen: true);
            archive.GetEntry(EngineState.Entry)?.Delete();
            using Stream entry = archive.CreateEntry(EngineState.Entry, CompressionLevel.NoCompression).Open();
            _core.Save(entry);
        }

        stream.Write(written.GetBuffer().AsSpan(0, (int)written.Length));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            _core.Dispose();
        }
    }

    /// <summary>Takes an observation; everything that can fail comes first. Afterwards the row is that of the last observation that was taken.</summary>
    private int Take(TSrc example, IEnumerable<TSrc>? future)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _example.Set(example);
        try
        {
            _held.Read();
            (int series, DateTime time) = _core.Peek();
            ReadFuture(future, series, time);
            _core.Observe();
            _held.Keep();
            _taken = example;
            return series;
        }
        catch
        {
            _example.Set(_taken);
            _held.Restore();
            throw;
        }
    }

    private void ReadFuture(IEnumerable<TSrc>? future, int series, DateTime time)
    {
        _core.ClearFuture();
        foreach (TSrc row in future ?? [])
        {
            if (!_core.ReadsFuture) throw new ArgumentException("future must be null, because the forecaster reads no future covariates.", nameof(future));
            _future.Set(row ?? throw new ArgumentException("future must not contain null.", nameof(future)));
            time = _core.AddFuture(series, time);
        }
    }

    private TDst Forecast(int series)
    {
        _core.Select(series);
        var prediction = new TDst();
        _prediction.Fill(prediction);
        return prediction;
    }
}
