using System.Diagnostics;
using MlnetClip.Checkpoints;
using MlnetClip.Clipping;
using MlnetClip.Data;
using MlnetClip.Gradients;
using MlnetClip.Optimizers;
using MlnetClip.Parameters;

namespace MlnetClip.Training;

/// <summary>
/// The training loop: runs one <see cref="Step"/> per batch and leaves the best weights in the backend.
/// The same backend, options and sequences give bit-identical weights, also when a fit is interrupted and resumed.
/// </summary>
public sealed class TrainingLoop
{
    private readonly IBackend _backend;
    private readonly ParameterSet _parameters;
    private readonly TrainingOptions _options;
    private readonly IBatchStream? _validation;
    private readonly EpochBatches _batches;
    private readonly SequenceBatch _batch;
    private readonly GradientStore _gradient;
    private readonly GradientGroup _wholeGradient;
    private readonly LearningRate _learningRate;
    private readonly CheckpointIdentity _identity;

    // The stages of a step, in their order.
    private readonly BatchGradients _batchGradients;
    private readonly IGradientExchange _exchange;
    private readonly NonFiniteGuard _guard;
    private readonly ClippingChain _clipping;
    private readonly GradientNoise? _noise;
    private readonly OptimizerPass _optimizer;
    private readonly FrozenWeights? _frozen;
    private readonly GradientMeasuring _measuring;

    private readonly FitState _state;
    private readonly FitNotifier _notifier;
    private readonly EpochEnd _epochEnd;
    private readonly CheckpointWriter _checkpoints;
    private ResumePoint? _resumed;

    /// <summary>Prepares a fit.</summary>
    /// <param name="backend">The engine with initialized parameters; the caller disposes it.</param>
    /// <param name="options">The options; validated here.</param>
    /// <param name="train">The training sequences.</param>
    /// <param name="validation">Validation sequences, by whose loss the best epoch is chosen; null to keep the last epoch.</param>
    /// <param name="exchange">Adds up the gradients of several processes; null, the default, for training in one process.</param>
    /// <exception cref="ArgumentException">An option is illegal, early stopping has no validation sequences, or their shape differs from that of the training sequences.</exception>
    public TrainingLoop(
        IBackend backend, TrainingOptions options, IBatchStream train, IBatchStream? validation = null, IGradientExchange? exchange = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(train);
        options.Validate();
        FitChecks.Sequences(options, train, validation);
        (_backend, _parameters, _options, _validation) = (backend, backend.Parameters, options, validation);
        _batch = new SequenceBatch(train.Shape, (int)Math.Min(options.BatchSize, Math.Max(train.Count, validation?.Count ?? 0)));
        _batches = new EpochBatches(train, options, _batch.Capacity);
        _gradient = new GradientStore(_parameters, backend.Workers);
        _wholeGradient = new GradientGroup(_gradient, _gradient.All);
        _state = new FitState(options, _wholeGradient);
        _learningRate = new LearningRate(options, options.Epochs * _batches.Count, _state.Snapshot, _state.History);
        _identity = FitIdentity.Of(_parameters, options, train, validation);

        _batchGradients = new BatchGradients(backend, _batches, options);
        _exchange = exchange ?? GradientExchange.None;
        _guard = new NonFiniteGuard(options.NonFinite, _gradient, _state.Guard, _state.Snapshot);
        _noise = options.GradientNoise > 0 ? new GradientNoise(options.GradientNoise, options.Seed) : null;
        _clipping = new ClippingChain(_state.Clipping, _wholeGradient, deferScale: _noise is null);
        _frozen = options.Frozen is { } frozen ? new FrozenWeights(_parameters, frozen) : null;
        _optimizer = new OptimizerPass(options.Optimizer, _parameters, _state.Optimizer, backend.Workers);
        _notifier = new FitNotifier(options.Clipping, options.Epochs, Summary);
        _epochEnd = new EpochEnd(backend, _state, validation, _batch);
        _checkpoints = new CheckpointWriter(options, Save);
        _measuring = new GradientMeasuring(backend, _state.Statistics, _state.TimeSteps, options.MeasureTimeSteps ? train.Shape.TimeSteps : 0);
    }

    /// <summary>The number of finished epochs, including those before a resume.</summary>
    public int EpochsRun => _state.Position.Epoch;

    /// <summary>Trains until the last epoch, early stopping or cancellation, and leaves the best epoch's weights in the backend.</summary>
    /// <param name="observer">Is notified of the fit as it runs; null for none. Its exceptions end the fit: a checkpoint is written if the options name one, then
    /// <see cref="OperationCanceledException"/> is rethrown as it is, and any other as a <see cref="FitObserverException"/>.</param>
    /// <param name="cancellation">Ends the fit; a step that the engine has not finished is dropped, the weights so far are kept, and <see cref="Save"/> can store them.</param>
    /// <exception cref="NonFiniteGradientException">A gradient was not finite, and the policy is to throw or its limit is reached.</exception>
    /// <exception cref="TrainingDivergedException">The trained weights are not finite.</exception>
    /// <exception cref="FitObserverException">An observer threw an exception.</exception>
    public TrainingResult Run(IFitObserver? observer = null, CancellationToken cancellation = default)
    {
        FitPosition position = _state.Position;
        _backend.Cancellation = cancellation;
        _state.Weights.SwapBestWeights(false);
        _frozen?.Capture();
        Begin(observer);
        StopReason reason = CheckEarlyStopping(); // a resumed fit may already be finished
        try
        {
            while (position.Epoch < _options.Epochs && reason == StopReason.Completed)
            {
                _batches.Open(position.Epoch, position.Batch);
                while (position.Batch < _batches.Count && !cancellation.IsCancellationRequested)
                {
                    _batches.Read(_batch);
                    TryStep(cancellation);
                }

                if (cancellation.IsCancellationRequested && position.Batch < _batches.Count) reason = StopReason.Cancelled;
                else reason = EndEpoch(cancellation);
                if (reason != StopReason.Completed || position.Epoch == _options.Epochs || _checkpoints.IsDueAfterEpoch(position)) WriteCheckpoint();
            }
        }
        finally
        {
            _batches.Close();
        }

        _state.Weights.SwapBestWeights((_validation is not null || _state.Average is not null) && _state.Weights.Epoch > 0);
        if (reason != StopReason.Cancelled) FitChecks.Weights(_parameters);
        var result = new TrainingResult(reason, position.Step, _state.Weights.Epoch, _state.History.Epochs, Summary())
        {
            Resumed = _resumed, Trace = _state.Trace.ToTrace(_state.Statistics.NormHistogram(TrainingTrace.NormBins)),
        };
        if (reason != StopReason.Cancelled) _notifier.OnFitEnded(result);
        return result;
    }

    /// <summary>Describes the fit to the observer and prepares what it asks for.</summary>
    private void Begin(IFitObserver? observer)
    {
        _checkpoints.Begin();
        if (!_notifier.Begin(observer, resumedAfter: _state.Position.Epoch)) return;
        if (_notifier.Measures.HasFlag(FitMeasures.TimeSteps)) _measuring.AskForTimeSteps(_batch.Shape.TimeSteps);
        FitDescription description = _options.Description ?? FitIdentity.Describe(_options, _identity, hasValidation: _validation is not null);
        _notifier.OnFitBegun(description with { StepsPerEpoch = _batches.Count, Weights = _parameters.Length, LearningRate = _options.LearningRate, Resumed = _resumed });
    }

    private ClippingSummary Summary() => FitSummary.Of(_options, _parameters, _state, _batch.Shape.TimeSteps, _backend.LossTerms);

    /// <summary>One training step, and its observers. A step that is cancelled inside the engine leaves the fit as it was before it.</summary>
    private void TryStep(CancellationToken cancellation)
    {
        StepReport report;
        try
        {
            report = Step();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return;
        }

        try
        {
            _notifier.OnStep(in report);
        }
        catch (Exception error) when (error is OperationCanceledException or FitObserverException)
        {
            WriteCheckpoint();
            throw;
        }

        if (_checkpoints.IsDueAfterStep(_state.Position)) WriteCheckpoint();
    }

    /// <summary>One training step.</summary>
    private StepReport Step()
    {
        long begun = Stopwatch.GetTimestamp();
        FitPosition position = _state.Position;
        var step = new ClippingStep(position.Step, position.Epoch, _batch.BatchSize, _batch.TimeSteps, _backend.LossTerms);
        float learningRate = _learningRate.At(position);
        _backend.BackpropClipping = _options.Clipping.BackpropClipping?.At(step) ?? default;

        BatchSums sums = _batchGradients.Compute(_batch, position.Step);
        sums = _exchange.Combine(_parameters.Gradients, sums);
        _frozen?.ClearGradients();
        _gradient.Measure(sums.WeightSum > 0 ? 1 / sums.WeightSum : 1); // from here on it is the gradient of the mean
        step = step with { BatchSize = _batchGradients.Sequences, TimeSteps = _batchGradients.TimeSteps, Loss = sums.WeightSum > 0 ? sums.Mean : double.NaN };
        ClipReport clip = _guard.Check(step) with { ShareLimitedInside = _batchGradients.ShareLimitedInside };
        clip = _clipping.Apply(step, clip);
        if (clip.TakesStep)
        {
            _noise?.Add(_parameters.Gradients, position.Step);
            _optimizer.Step(learningRate, clip.PendingScale);
            _frozen?.Restore();
            _state.Average?.AddStep();
        }

        // Diagnostics from here on.
        double[]? timeSteps = _measuring.Add(clip, _batch.TimeSteps);
        var report = new StepReport(position.Step, position.Epoch + 1, position.Batch, sums.Mean, learningRate, clip)
        {
            Gradient = _wholeGradient, MeasuredTimeSteps = timeSteps, Duration = Stopwatch.GetElapsedTime(begun),
        };
        _state.AddStep(report, sums, _batchGradients.Sequences);
        return report;
    }

    /// <summary>Validates and closes an epoch. Where validation is cancelled, the epoch stays open after its last batch, and a resumed fit validates it.</summary>
    private StopReason EndEpoch(CancellationToken cancellation)
    {
        try
        {
            if (_epochEnd.Run(_notifier.Observer, cancellation) is not { } report) return StopReason.Cancelled;
            _notifier.OnEpoch(report);
        }
        catch (Exception error) when (error is OperationCanceledException or FitObserverException)
        {
            WriteCheckpoint();
            throw;
        }

        return CheckEarlyStopping();
    }

    /// <summary>Whether training continues after the finished epochs.</summary>
    private StopReason CheckEarlyStopping() =>
        _options.EarlyStopping is { } stopping && _state.History.EpochsWithoutImprovement(stopping.MinDelta) >= stopping.Patience
            ? StopReason.EarlyStopped
            : StopReason.Completed;

    private void WriteCheckpoint()
    {
        if (_checkpoints.Write(_state.Position) is { } report) _notifier.OnCheckpoint(report);
    }

    /// <summary>Writes everything that a resumed fit needs: weights, the states of optimizer and clipping, and the position.</summary>
    public void Save(Stream stream) => TrainingCheckpoint.Write(stream, _identity, _state);

    /// <summary>Continues a fit that <see cref="Save"/> wrote, with the same model, options and sequences.</summary>
    /// <returns>The point at which the fit continues; it is also in <see cref="TrainingResult.Resumed"/>.</returns>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, of another version, or of another model, options or data; the fit is then as it was.</exception>
    public ResumePoint Resume(Stream stream)
    {
        _state.Weights.SwapBestWeights(false);
        TrainingCheckpoint.Read(stream, _identity, _state, () => _state.Check(_batches.Count, checked(_batch.Capacity * _options.AccumulatedBatches), _batch.Shape.TimeSteps));
        _learningRate.Reset();
        return _resumed = new ResumePoint(_state.Position.Epoch, _state.Position.Step, _options.Epochs);
    }

    /// <summary>
    /// Continues a fit from its newest checkpoint in files (<see cref="TrainingOptions.KeptCheckpoints"/>). One that is damaged is left out, and the one before it is used:
    /// <see cref="ResumePoint.Damaged"/>.
    /// </summary>
    /// <param name="path">The path of the newest checkpoint.</param>
    /// <returns>The point at which the fit continues; null where there is no checkpoint.</returns>
    /// <exception cref="InvalidDataException">Every checkpoint is damaged, or one is of another version, model, options or data; the fit is then as it was.</exception>
    public ResumePoint? Resume(string path) => CheckpointFiles.Resume(path, Resume) is { } point ? _resumed = point : null;
}
