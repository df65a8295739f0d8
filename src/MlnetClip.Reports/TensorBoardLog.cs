using System.Globalization;
using MlnetClip.Reports.TensorBoard;

namespace MlnetClip;

/// <summary>
/// Writes a fit for TensorBoard, as event files in a folder: loss, gradient norm before and after clipping, threshold and learning rate of the steps; losses, share of
/// clipped steps and histograms of the norms, of the whole gradient and of each layer, of the epochs.
/// </summary>
/// <remarks>
/// A long fit is thinned to about 10,000 steps: of consecutive steps, the one with the largest norm is written. A fit that resumes from a checkpoint begins another file in the folder, as
/// TensorBoard expects. Pass it as the observer of a trainer, one for each fit, and dispose it afterwards.
/// </remarks>
public sealed class TensorBoardLog : IFitObserver, IDisposable
{
    private const long MostSteps = 10_000;
    private static int s_files;

    private readonly string _folder;
    private Dictionary<string, LogHistogram> _norms = [];
    private FileStream? _stream;
    private StepReport _peak;
    private double _peakHeight;
    private long _every = 1, _waiting;

    /// <param name="folder">The folder of the run; it is created with the first event.</param>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    public TensorBoardLog(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = folder;
    }

    /// <inheritdoc/>
    public void OnFitBegun(FitDescription fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        _every = Math.Max(1, fit.Epochs * fit.StepsPerEpoch / MostSteps);
        Directory.CreateDirectory(_folder);
        _stream?.Dispose();
        string name = string.Create(
            CultureInfo.InvariantCulture, $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeSeconds():D10}.mlnetclip.{Environment.ProcessId}.{Interlocked.Increment(ref s_files)}");
        _stream = new FileStream(Path.Combine(_folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
        Write(new EventMessage(Now, 0) { FileVersion = "brain.Event:2" });
    }

    /// <inheritdoc/>
    public void OnStep(in StepReport report)
    {
        Histogram("gradient norm").Add(report.Clip.NormBefore);
        foreach (GradientNorm layer in report.Norms(ClippingScope.Layer)) Histogram($"gradient norm/{layer.Name}").Add(layer.Before);
        double height = double.IsNaN(report.Clip.NormBefore) ? double.PositiveInfinity : report.Clip.NormBefore;
        if (_waiting == 0 || height > _peakHeight) (_peak, _peakHeight) = (report, height);
        if (++_waiting == _every) WriteStep();
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (_waiting > 0) WriteStep();
        EventMessage message = new EventMessage(Now, report.Epoch)
            .Add("epoch/training loss", report.TrainLoss).Add("epoch/validation loss", report.ValidationLoss ?? double.NaN).Add("epoch/share clipped", report.ShareClipped)
            .Add("epoch/median gradient norm", report.NormMedian).Add("epoch/largest gradient norm", report.NormMaximum)
            .Add("epoch/steps not finite", report.NonFiniteSteps).Add("epoch/steps skipped as spikes", report.RefusedSteps);
        foreach ((string name, LogHistogram norms) in _norms) message.Add($"epoch/{name}", norms);
        Write(message);
        _norms = [];
        _stream?.Flush();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
    }

    private static double Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;

    private LogHistogram Histogram(string name)
    {
        if (!_norms.TryGetValue(name, out LogHistogram? histogram)) _norms[name] = histogram = new LogHistogram();
        return histogram;
    }

    private void WriteStep()
    {
        _waiting = 0;
        ClipReport clip = _peak.Clip;
        Write(new EventMessage(Now, _peak.Step)
            .Add("step/loss", _peak.Loss).Add("step/gradient norm before clipping", clip.NormBefore).Add("step/gradient norm after clipping", clip.TakesStep ? clip.NormAfter : double.NaN)
            .Add("step/threshold", clip.Threshold).Add("step/learning rate", _peak.LearningRate));
    }

    private void Write(EventMessage message)
    {
        FileStream stream = _stream ?? throw new InvalidOperationException($"The {nameof(TensorBoardLog)} of '{_folder}' was disposed, or its fit has not begun.");
        RecordWriter.Write(stream, message.ToBytes());
    }
}
