using System.Buffers;
using System.Text.Json;

namespace MlnetClip;

/// <summary>
/// Writes a fit to a file of JSON lines, one object for each step and epoch, for notebooks and scripts. Each line has an <c>event</c>: <c>begin</c>, <c>step</c>, <c>epoch</c>,
/// <c>verdict</c> or <c>end</c>. Numbers that are not finite are null.
/// </summary>
/// <remarks>
/// A new fit replaces the file; a fit that resumes from a checkpoint appends to it, so that steps between the checkpoint and an interruption are there twice: the last line of a
/// step counts. Lines reach the file at the end of every epoch, or of a second. Pass it as the observer of a trainer, one for each fit, and dispose it afterwards.
/// </remarks>
public sealed class StepLog : IFitObserver, IDisposable
{
    private const long MillisecondsBetweenFlushes = 1000;

    private readonly string _path;
    private readonly ArrayBufferWriter<byte> _line = new(512);
    private readonly Utf8JsonWriter _json;
    private FileStream? _stream;
    private long _flushed = Environment.TickCount64;

    /// <param name="path">The file; its folder must exist. It is opened when the fit begins.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    public StepLog(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        _json = new Utf8JsonWriter(_line);
    }

    /// <inheritdoc/>
    public void OnFitBegun(FitDescription fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        _stream?.Dispose();
        _stream = new FileStream(_path, fit.Resumed is null ? FileMode.Create : FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
        Begin("begin");
        _json.WriteString("clipping", fit.Clipping.ToString());
        _json.WriteNumber("epochs", fit.Epochs);
        _json.WriteNumber("steps_per_epoch", fit.StepsPerEpoch);
        _json.WriteNumber("weights", fit.Weights);
        if (fit.Resumed is { } resumed) _json.WriteNumber("resumed_step", resumed.Steps);
        _json.WriteStartObject("options");
        foreach ((string name, string value) in fit.Options) _json.WriteString(name, value);
        _json.WriteEndObject();
        End();
    }

    /// <inheritdoc/>
    public void OnStep(in StepReport report)
    {
        ClipReport clip = report.Clip;
        Begin("step");
        _json.WriteNumber("step", report.Step);
        _json.WriteNumber("epoch", report.Epoch);
        Number("loss", report.Loss);
        Number("learning_rate", report.LearningRate);
        Number("norm", clip.NormBefore);
        Number("norm_clipped", clip.NormAfter);
        Number("threshold", clip.Threshold);
        _json.WriteBoolean("clipped", clip.Changed);
        _json.WriteString("outcome", JsonNamingPolicy.SnakeCaseLower.ConvertName(clip.Outcome.ToString()));
        Number("seconds", report.Duration.TotalSeconds);
        End();
        if (Environment.TickCount64 - _flushed > MillisecondsBetweenFlushes) Flush();
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Begin("epoch");
        _json.WriteNumber("epoch", report.Epoch);
        Number("loss", report.TrainLoss);
        Number("validation_loss", report.ValidationLoss ?? double.NaN);
        _json.WriteBoolean("is_best", report.IsBest);
        Number("learning_rate", report.LearningRate);
        Number("norm_median", report.NormMedian);
        Number("norm_largest", report.NormMaximum);
        Number("share_clipped", report.ShareClipped);
        _json.WriteNumber("steps_not_finite", report.NonFiniteSteps);
        _json.WriteNumber("steps_skipped_as_spikes", report.RefusedSteps);
        End();
        Flush();
    }

    /// <inheritdoc/>
    public void OnVerdict(ClippingVerdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        Begin("verdict");
        _json.WriteString("conclusion", JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.Conclusion.ToString()));
        _json.WriteString("text", verdict.ToString());
        End();
    }

    /// <inheritdoc/>
    public void OnFitEnded(TrainingResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Begin("end");
        _json.WriteString("reason", JsonNamingPolicy.SnakeCaseLower.ConvertName(result.Reason.ToString()));
        _json.WriteNumber("epochs", result.EpochsRun);
        _json.WriteNumber("steps", result.Steps);
        _json.WriteNumber("best_epoch", result.BestEpoch);
        Number("share_clipped", result.Clipping.ShareClipped);
        End();
        Flush();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
        _json.Dispose();
    }

    private void Begin(string name)
    {
        _line.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("event", name);
    }

    private void Number(string name, double value)
    {
        if (double.IsFinite(value)) _json.WriteNumber(name, value);
        else _json.WriteNull(name);
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        FileStream stream = _stream ?? throw new InvalidOperationException($"The {nameof(StepLog)} of '{_path}' was disposed, or its fit has not begun.");
        stream.Write(_line.WrittenSpan);
        stream.WriteByte((byte)'\n');
    }

    private void Flush()
    {
        _stream?.Flush();
        _flushed = Environment.TickCount64;
    }
}
