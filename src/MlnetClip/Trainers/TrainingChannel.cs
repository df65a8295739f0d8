using Microsoft.ML.Runtime;
using MlnetClip.MLNetInternals;
using MlnetClip.Training;
using static System.FormattableString;

namespace MlnetClip.Trainers;

/// <summary>
/// Reports a fit as it runs: messages in <c>MLContext.Log</c>, progress, the user's observers; and cancels the fit when the
/// context is cancelled, so that it ends as by the user's own token, with a checkpoint.
/// </summary>
internal sealed class TrainingChannel : ITrainingObserver, IDisposable
{
    private readonly IHost _host;
    private readonly LstmTrainerOptions _options;
    private readonly IFitObserver[] _observers;
    private readonly CancellationTokenSource _cancellation;
    private readonly IChannel _channel;
    private readonly IProgressChannel _progress;
    private long _steps;
    private int _epochs;

    /// <param name="host">The trainer's host.</param>
    /// <param name="options">The options of the fit.</param>
    /// <param name="observers">The observers of the fit, in the order in which they are called; null entries are ignored.</param>
    /// <param name="cancellation">Cancelled when the context is.</param>
    public TrainingChannel(IHost host, LstmTrainerOptions options, ReadOnlySpan<IFitObserver?> observers, CancellationTokenSource cancellation)
    {
        (_host, _options, _cancellation) = (host, options, cancellation);
        _observers = [.. observers.ToArray().OfType<IFitObserver>()];
        _channel = host.Start("Training");
        _progress = host.StartProgressChannel("Training");
        _progress.SetHeader(new ProgressHeader(["Training loss", "Validation loss"], ["epochs", "steps"]), entry =>
        {
            entry.SetProgress(0, _epochs, options.NumberOfEpochs);
            entry.SetProgress(1, _steps);
        });
    }

    /// <summary>Reports what the fit will learn from.</summary>
    public void Begin(FitRequest request, int seed)
    {
        Info($"{request.Subject}, clipping {_options.Clipping}, seed {seed}.");
        foreach (string note in request.Notes) Info(note);
        foreach (string warning in request.Warnings) Warning(warning);
        var fit = new FitDescription(
            _options.NumberOfEpochs, _options.Clipping, _options.Describe(), request.DataIdentity, request.Validation is not null, _options.CheckpointPath);
        foreach (IFitObserver observer in _observers) observer.OnFitBegun(fit);
    }

    /// <summary>Reports from where the fit resumes.</summary>
    public void Resumed(string checkpoint, int epochs) => Info($"Resuming from '{checkpoint}' after {epochs} epoch{(epochs == 1 ? "" : "s")}.");

    public void OnStep(in StepReport report)
    {
        _steps = report.Step + 1;
        foreach (IFitObserver observer in _observers) observer.OnStep(in report);
        if (HostAccess.IsCanceled(_host)) _cancellation.Cancel();
    }

    public void OnValidationBatch()
    {
        foreach (IFitObserver observer in _observers) observer.OnValidationBatch();
        if (HostAccess.IsCanceled(_host)) _cancellation.Cancel();
    }

    public void OnEpoch(EpochReport report)
    {
        _epochs = report.Epoch;
        string validation = report.ValidationLoss is { } loss ? Invariant($", validation loss {loss:G5}{(report.IsBest ? " (best so far)" : "")}") : "";
        Info(Invariant($"Epoch {report.Epoch} of {_options.NumberOfEpochs}: training loss {report.TrainLoss:G5}{validation}, ")
            + Invariant($"gradient norm {report.NormMedian:G4} (median), {report.NormMaximum:G4} (largest), {100 * report.ShareClipped:F0}% of steps clipped")
            + (report.RefusedSteps == 0 ? "." : Invariant($", {report.RefusedSteps} skipped as spikes.")));
        if (report.NonFiniteSteps > 0)
            Warning(Invariant($"Epoch {report.Epoch}: {report.NonFiniteSteps} steps had a gradient that is not finite; the policy is {_options.NonFinite}."));
        _progress.Checkpoint(report.TrainLoss, report.ValidationLoss, _epochs, _steps);
        _options.MetricsCallback?.Invoke(report);
        foreach (IFitObserver observer in _observers) observer.OnEpoch(report);
    }

    /// <summary>Reports how the fit ended.</summary>
    public void End(TrainingResult result)
    {
        string reason = result.Reason == StopReason.EarlyStopped ? "stopped early" : "done";
        Info(Invariant($"Training {reason} after {result.EpochsRun} epochs, {result.Steps} steps; the weights of epoch {result.BestEpoch} are kept."));
        foreach (IFitObserver observer in _observers) observer.OnFitEnded(result);
    }

    public void Dispose()
    {
        _progress.Dispose();
        _channel.Dispose();
    }

    private void Info(string message) => _channel.Info(MessageSensitivity.Schema, message);

    private void Warning(string message) => _channel.Warning(MessageSensitivity.Schema, message);
}
