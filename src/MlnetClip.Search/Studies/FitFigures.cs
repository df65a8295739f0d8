using System.Runtime.InteropServices;
using MlnetClip.Kernels;
using MlnetClip.Search.Running;
using MlnetClip.Training;

namespace MlnetClip.Search.Studies;

/// <summary>Observes the fits of a trial: reports each epoch, stops the trial when it is pruned or cancelled, and collects the measures.</summary>
internal sealed class FitFigures(TrialContext trial) : IFitObserver
{
    // The norms that count for the calibration are those of the first quarter of the epochs.
    private const int CalibratingPart = 4;

    // Once the loss of a step exceeds the first one by this factor, the norms of a diverged fit are no longer relevant to thresholds.
    private const double BlownUp = 10;

    private readonly List<double> _norms = [];
    private int _offset;
    private int _epochs;
    private int _calibrating;
    private int? _normsBefore;
    private double _best;
    private double? _begun;
    private double? _ended;
    private long _steps;
    private long _finite;
    private long _clipped;
    private long _elements;

    /// <summary>The last fit; null before the first.</summary>
    public FitDescription? Fit { get; private set; }

    /// <summary>Whether the fit was pruned.</summary>
    public bool Pruned { get; private set; }

    /// <summary>The validation loss of the best epoch; null without validation.</summary>
    public double? ValidationLoss { get; private set; }

    public void OnFitBegun(FitDescription fit)
    {
        Fit = fit;
        _offset = _epochs;
        _calibrating = _offset + Math.Max(1, fit.Epochs / CalibratingPart);
        _best = double.PositiveInfinity;
        (_begun, _ended) = (null, null);
        trial.MaxSteps = _offset + fit.Epochs;
    }

    public void OnStep(in StepReport report)
    {
        trial.CancellationToken.ThrowIfCancellationRequested();
        _steps++;
        _begun ??= report.Loss;
        if (!report.Clip.IsFinite || !(report.Loss <= BlownUp * Math.Abs(_begun.Value))) _normsBefore ??= _norms.Count;
        if (!report.Clip.IsFinite) return;
        _finite++;
        if (report.Clip.Changed) _clipped++;
        if (trial.Trial.Stage != TrialStage.Calibrate || _epochs >= _calibrating) return;
        _norms.Add(report.Clip.NormBefore);
        _elements = report.Clip.Elements;
    }

    public void OnValidationBatch() => trial.CancellationToken.ThrowIfCancellationRequested();

    public void OnEpoch(EpochReport report)
    {
        _epochs = _offset + report.Epoch;
        _ended = report.TrainLoss;
        double loss = report.ValidationLoss ?? report.TrainLoss;
        if (double.IsFinite(loss)) loss = _best = Math.Min(_best, loss);
        trial.Report(_epochs, loss);
        if (!trial.ShouldPrune()) return;
        Pruned = true;
        throw new OperationCanceledException("The trial was pruned.");
    }

    public void OnFitEnded(TrainingResult result)
    {
        ValidationLoss = result.BestValidationLoss;
        if (TimeStepReach.Of(result.Clipping.TimeStepNorms) is not { } reach) return;
        trial.Measure(TrialMeasures.TimeSteps, reach.TimeSteps);
        trial.Measure(TrialMeasures.TimeStepsReached, reach.Reached);
    }

    /// <summary>Stores the measures with the trial; called regardless of how the fit ended.</summary>
    public void Keep()
    {
        trial.Measure(TrialMeasures.Steps, _steps);
        trial.Measure(TrialMeasures.NonFiniteSteps, _steps - _finite);
        trial.Measure(TrialMeasures.ShareClipped, _finite == 0 ? 0 : (double)_clipped / _finite);
        if (_begun is { } begun && double.IsFinite(begun)) trial.Measure(TrialMeasures.LossBegun, begun);
        if (_ended is { } ended && double.IsFinite(ended)) trial.Measure(TrialMeasures.LossEnded, ended);
        if (Diverged && _normsBefore is { } before) _norms.RemoveRange(before, _norms.Count - before);
        if (_norms.Count == 0) return;
        trial.Measure(TrialMeasures.Parameters, _elements);
        trial.Measure(TrialMeasures.NormSteps, _norms.Count);
        trial.Measure(TrialMeasures.NormMean, _norms.Average());
        _norms.Sort();
        trial.Measure(TrialMeasures.NormMax, _norms[^1]);
        foreach (int percent in UnclippedFit.Percentages) trial.Measure(TrialMeasures.NormQuantile(percent), SortedQuantile.Of(CollectionsMarshal.AsSpan(_norms), percent / 100.0));
    }

    private bool Diverged => _finite < _steps || _begun is not { } begun || _ended is not { } ended || Trial.IsRise(begun, ended);
}
