using Microsoft.ML.Runtime;
using MlnetClip.MLNetInternals;
using MlnetClip.Training;
using static System.FormattableString;

namespace MlnetClip.Forecasting;

/// <summary>Tells the host how a fit goes: messages (seen in <c>MLContext.Log</c>), progress, the user's callbacks; and stops when the context is cancelled.</summary>
internal sealed class TrainingChannel : ITrainingObserver, IDisposable
{
    private readonly IHost _host;
    private readonly LstmForecastingTrainer.Options _options;
    private readonly IChannel _channel;
    private readonly IProgressChannel _progress;
    private long _steps;
    private int _epochs;

    public TrainingChannel(IHost host, LstmForecastingTrainer.Options options)
    {
        (_host, _options) = (host, options);
        _channel = host.Start("Training");
        _progress = host.StartProgressChannel("Training");
        _progress.SetHeader(new ProgressHeader(["Training loss", "Validation loss"], ["epochs", "steps"]), entry =>
        {
            entry.SetProgress(0, _epochs, options.NumberOfEpochs);
            entry.SetProgress(1, _steps);
        });
    }

    /// <summary>Says what the fit will learn from.</summary>
    public void Begin(ForecastTrainingData data, int seed)
    {
        string validation = data.Validation is { } windows ? $"validating on {windows.Count} windows of the last {data.ValidationRows} rows" : "without validation";
        Info(Invariant($"Learning '{_options.InputColumn}' from {data.Training.Count} windows of {_options.WindowSize} rows, {validation}; scale {data.Scaler.Scale:G6}, ")
            + $"clipping {_options.Clipping}, seed {seed}.");
        if (data.MissingRows > 0) Info(Invariant($"{data.MissingRows} of {data.Rows} rows have no value: windows repeat the last one, targets leave them out."));
    }

    /// <summary>Says from where the fit goes on.</summary>
    public void Resumed(string checkpoint, int epochs) => Info($"Going on from '{checkpoint}' after {epochs} epochs.");

    public void OnStep(in StepReport report)
    {
        _steps = report.Step + 1;
        _options.StepCallback?.Invoke(report);
        if (HostAccess.IsCanceled(_host)) throw _host.Process(new OperationCanceledException("Operation was canceled."));
    }

    public void OnEpoch(EpochReport report)
    {
        _epochs = report.Epoch;
        string validation = report.ValidationLoss is { } loss ? Invariant($", validation loss {loss:G5}{(report.IsBest ? " (best so far)" : "")}") : "";
        Info(Invariant($"Epoch {report.Epoch} of {_options.NumberOfEpochs}: training loss {report.TrainLoss:G5}{validation}, ")
            + Invariant($"gradient norm {report.NormMedian:G4} (median), {report.NormMaximum:G4} (largest), {100 * report.ShareClipped:F0}% of steps clipped."));
        if (report.NonFiniteSteps > 0)
            Warning(Invariant($"Epoch {report.Epoch}: {report.NonFiniteSteps} steps had a gradient that is not finite; the policy is {_options.NonFinite}."));
        _progress.Checkpoint(report.TrainLoss, report.ValidationLoss, _epochs, _steps);
        _options.MetricsCallback?.Invoke(report);
    }

    /// <summary>Says how the fit ended.</summary>
    public void End(TrainingResult result)
    {
        string reason = result.Reason == StopReason.EarlyStopped ? "stopped early" : "done";
        Info(Invariant($"Training {reason} after {result.EpochsRun} epochs, {result.Steps} steps; the weights of epoch {result.BestEpoch} are kept."));
    }

    public void Dispose()
    {
        _progress.Dispose();
        _channel.Dispose();
    }

    private void Info(string message) => _channel.Info(MessageSensitivity.Schema, message);

    private void Warning(string message) => _channel.Warning(MessageSensitivity.Schema, message);
}
