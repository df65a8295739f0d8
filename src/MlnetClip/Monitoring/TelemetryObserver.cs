using System.Diagnostics;
using System.Diagnostics.Metrics;
using static MlnetClip.TrainingTelemetry;

namespace MlnetClip.Monitoring;

/// <summary>Emits the metrics and spans of a fit. Disposed at its end: a fit that has not finished by then threw or was cancelled.</summary>
internal sealed class TelemetryObserver : IFitObserver, IDisposable
{
    private Activity? _fit, _epoch;

    public string Name => nameof(TrainingTelemetry);

    public void OnFitBegun(FitDescription fit)
    {
        _fit = Spans.StartActivity("mlnetclip.fit");
        _fit?.SetTag("mlnetclip.clipping", fit.Clipping.ToString())?.SetTag("mlnetclip.epochs", fit.Epochs)?.SetTag("mlnetclip.weights", fit.Weights)
            ?.SetTag("mlnetclip.resumed_epochs", fit.Resumed?.Epochs);
        if (_fit is not null) _epoch = Spans.StartActivity("mlnetclip.epoch");
    }

    public void OnStep(in StepReport report)
    {
        ClipReport clip = report.Clip;
        if (Steps.Enabled) Steps.Add(1, new KeyValuePair<string, object?>("outcome", OutcomeOf(clip)));
        if (StepDuration.Enabled) StepDuration.Record(report.Duration.TotalSeconds);
        Record(Norm, clip.NormBefore);
        Record(NormClipped, clip.TakesStep ? clip.NormAfter : double.NaN);
        Record(Threshold, clip.Threshold);
        Record(Loss, report.Loss);
        Record(LearningRate, report.LearningRate);
    }

    public void OnEpoch(EpochReport report)
    {
        Record(ValidationLoss, report.ValidationLoss ?? double.NaN);
        if (_fit is null) return;
        _epoch?.SetTag("mlnetclip.epoch", report.Epoch)?.SetTag("mlnetclip.loss", report.TrainLoss)?.SetTag("mlnetclip.validation_loss", report.ValidationLoss)
            ?.SetTag("mlnetclip.share_clipped", report.ShareClipped);
        _epoch?.Dispose();
        _epoch = Spans.StartActivity("mlnetclip.epoch");
    }

    public void OnFitEnded(TrainingResult result)
    {
        if (_fit is null) return;
        Drop();
        _fit.SetTag("mlnetclip.steps", result.Steps)?.SetTag("mlnetclip.best_epoch", result.BestEpoch)?.SetTag("mlnetclip.stop_reason", result.Reason.ToString());
        _fit.SetStatus(ActivityStatusCode.Ok);
        _fit.Dispose();
        _fit = null;
    }

    public void Dispose()
    {
        if (_fit is null) return;
        Drop();
        _fit.SetStatus(ActivityStatusCode.Error, "The fit was cancelled or threw an exception.");
        _fit.Dispose();
        _fit = null;
    }

    /// <summary>The epoch that was begun and never ended is not reported.</summary>
    private void Drop()
    {
        if (_epoch is null) return;
        _epoch.IsAllDataRequested = false;
        _epoch.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        Activity.Current = _fit;
        _epoch = null;
    }

    private static string OutcomeOf(in ClipReport clip) => clip.Outcome switch
    {
        StepOutcome.Skipped => "skipped",
        StepOutcome.RolledBack => "rolled_back",
        StepOutcome.ZeroedTensor => "zeroed",
        _ => clip.Changed ? "clipped" : "applied",
    };

    private static void Record(Histogram<double> instrument, double value)
    {
        if (instrument.Enabled && double.IsFinite(value)) instrument.Record(value);
    }

    private static void Record(Gauge<double> instrument, double value)
    {
        if (instrument.Enabled && double.IsFinite(value)) instrument.Record(value);
    }
}
