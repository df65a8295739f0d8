using System.Globalization;
using MlnetClip.Checkpoints;
using MlnetClip.Clipping;
using MlnetClip.Data;
using MlnetClip.Optimizers;
using MlnetClip.Parameters;

namespace MlnetClip.Training;

/// <summary>
/// The training loop: batches in, one <see cref="Step"/> after the other, the best weights left in the backend.
/// The same backend, options and sequences give the same bits, and so does a fit that was interrupted and resumed.
/// </summary>
public sealed class TrainingLoop
{
    private const ulong ShuffleStream = 1, DropoutStream = 2;
    private const int TimeStepsEvery = 8; // measuring takes a pass over all time steps: one in eight keeps it below a hundredth of the time

    private static readonly Envelope Envelope = new("MLCTRAIN", 1, "training checkpoint");

    private readonly ITrainingBackend _backend;
    private readonly ParameterSet _parameters;
    private readonly TrainingOptions _options;
    private readonly IBatchSource _train;
    private readonly IBatchSource? _validation;
    private readonly ClippingChain _clipping;
    private readonly RollBackSnapshot _snapshot;
    private readonly OptimizerState _optimizerState;
    private readonly OptimizerPass _update;
    private readonly TrainingProgress _progress;
    private readonly SequenceBatch _batch;
    private readonly double[] _timeStepNorms;
    private readonly int[] _order;
    private readonly int _batchesPerEpoch;
    private bool _holdsBest;

    /// <summary>Prepares a fit.</summary>
    /// <param name="backend">The engine with initialised parameters; the caller disposes of it.</param>
    /// <param name="options">The options; validated here.</param>
    /// <param name="train">The training sequences.</param>
    /// <param name="validation">Sequences that choose the best epoch, or null to keep the last one.</param>
    /// <exception cref="ArgumentException">An option is illegal, early stopping is asked for without validation sequences, or these are of another shape.</exception>
    public TrainingLoop(ITrainingBackend backend, TrainingOptions options, IBatchSource train, IBatchSource? validation = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(train);
        options.Validate();
        if (options.EarlyStopping is not null && validation is null)
            throw new ArgumentException($"{nameof(TrainingOptions)}.{nameof(TrainingOptions.EarlyStopping)} needs validation sequences, but there are none.", nameof(validation));
        if (validation is not null && Shape(validation) != Shape(train))
            throw new ArgumentException($"Validation sequences must be of the training sequences' {Shape(train)}, but are of {Shape(validation)}.", nameof(validation));
        _backend = backend;
        _parameters = backend.Parameters;
        _options = options;
        _train = train;
        _validation = validation;
        _optimizerState = options.Optimizer.CreateState(_parameters);
        _update = new OptimizerPass(options.Optimizer, _parameters, _optimizerState, backend.Workers);
        _snapshot = new RollBackSnapshot(_parameters, options.Optimizer, _optimizerState);
        _clipping = new ClippingChain(options.Clipping, options.NonFinite, _parameters, _snapshot, deferScale: true, backend.Workers);
        _timeStepNorms = new double[options.MeasureTimeSteps ? train.TimeSteps : 0];
        _order = new int[train.Count];
        _batch = new SequenceBatch(train.TimeSteps, Math.Min(options.BatchSize, Math.Max(train.Count, validation?.Count ?? 0)), train.Features, train.Outputs);
        _batchesPerEpoch = (train.Count + _batch.Capacity - 1) / _batch.Capacity;
        _progress = new TrainingProgress(_parameters.Length, _batchesPerEpoch);
    }

    /// <summary>Epochs that ended so far, those before a <see cref="Resume"/> among them.</summary>
    public int EpochsRun => _progress.Epoch;

    /// <summary>Trains until the options, early stopping or the caller end it, and leaves the best epoch's weights in the backend.</summary>
    /// <param name="observer">Sees every step and epoch, or null.</param>
    /// <param name="cancellation">Ends the fit after the step under way; what was reached is kept, and <see cref="Save"/> can store it.</param>
    /// <exception cref="NonFiniteGradientException">A gradient was not finite and the policy is to throw, or its budget is spent.</exception>
    public TrainingResult Run(ITrainingObserver? observer = null, CancellationToken cancellation = default)
    {
        HoldBest(false);
        StopReason reason = Judge(); // a resumed fit may have ended already
        while (_progress.Epoch < _options.Epochs && reason == StopReason.Completed)
        {
            ShuffleFor(_progress.Epoch);
            while (_progress.Batch < _batchesPerEpoch && !cancellation.IsCancellationRequested)
            {
                FillBatch(_train, _order, _progress.Batch);
                StepReport report = Step();
                observer?.OnStep(in report);
            }

            if (cancellation.IsCancellationRequested && _progress.Batch < _batchesPerEpoch) reason = StopReason.Cancelled;
            else reason = EndEpoch(observer);
            WriteCheckpoint(isLast: reason != StopReason.Completed || _progress.Epoch == _options.Epochs);
        }

        HoldBest(_validation is not null && _progress.BestEpoch > 0);
        return new TrainingResult(reason, _progress.Step, _progress.BestEpoch, _progress.History, _clipping.Summarize(_options.Seed, _options.LearningRate, $"{_options.Optimizer}"));
    }

    /// <summary>One training step: gradients, non-finite policy, clipping, update, report.</summary>
    private StepReport Step()
    {
        var step = new ClippingStep(_progress.Step, _progress.Epoch, _batch.BatchSize, _batch.TimeSteps, _backend.LossTerms);
        _backend.BackpropClipping = _options.Clipping.BackpropClipping?.At(step) ?? default;
        double loss = _backend.ComputeGradients(_batch, SeededRandom.Derive(_options.Seed, DropoutStream, (ulong)_progress.Step));
        float learningRate = LearningRate();
        ClipReport clip = _clipping.Apply(step, _backend.ShareLimitedInside);
        if (clip.TakesStep) _update.Step(learningRate, clip.PendingScale);

        // Diagnostics from here on.
        var report = new StepReport(_progress.Step, _progress.Epoch, _progress.Batch, loss, learningRate, clip) { Chain = _clipping };
        if (_options.MeasureTimeSteps && clip.IsFinite && _progress.Step % TimeStepsEvery == 0)
        {
            _backend.TimeStepNorms(_timeStepNorms);
            _clipping.Statistics.AddTimeSteps(_timeStepNorms);
        }

        _progress.AddStep(loss, _batch.BatchSize, clip.NormBefore, clip.IsFinite, clip.Changed);
        return report;
    }

    private StopReason EndEpoch(ITrainingObserver? observer)
    {
        double? validationLoss = _validation is null ? null : MeanLoss(_validation);
        EpochReport report = _progress.EndEpoch(validationLoss, LearningRate(), _parameters.Values);
        observer?.OnEpoch(report);
        return Judge();
    }

    /// <summary>Whether training may go on after the epochs that ended.</summary>
    private StopReason Judge() =>
        _options.EarlyStopping is { } stopping && _progress.EpochsWithoutImprovement(stopping.MinDelta) >= stopping.Patience
            ? StopReason.EarlyStopped
            : StopReason.Completed;

    private void WriteCheckpoint(bool isLast)
    {
        if (_options.CheckpointPath is { } path && (isLast || _progress.Epoch % _options.CheckpointEveryEpochs == 0))
            AtomicFile.Write(path, Save);
    }

    /// <summary>Exchanges the newest weights for the best ones or back: users get the best, a resumed fit goes on from the newest.</summary>
    private void HoldBest(bool best)
    {
        if (best == _holdsBest) return;
        Span<float> values = _parameters.Values, others = _progress.BestValues;
        for (int i = 0; i < values.Length; i++) (values[i], others[i]) = (others[i], values[i]);
        _holdsBest = best;
    }

    private float LearningRate() => (float)(_options.LearningRate * _snapshot.LearningRateFactor
        * _options.Schedule.Factor(_progress.Epoch, _progress.Step, (long)_options.Epochs * _batchesPerEpoch));

    /// <summary>The order of an epoch follows from the seed and the epoch alone, so that a resumed fit finds it again.</summary>
    private void ShuffleFor(int epoch)
    {
        for (int i = 0; i < _order.Length; i++) _order[i] = i;
        if (!_options.Shuffle) return;
        var random = new SeededRandom(SeededRandom.Derive(_options.Seed, ShuffleStream, (ulong)epoch));
        random.Shuffle(_order);
    }

    private void FillBatch(IBatchSource source, ReadOnlySpan<int> order, int batch)
    {
        int start = batch * _batch.Capacity;
        source.Fill(order.Slice(start, Math.Min(_batch.Capacity, order.Length - start)), _batch);
    }

    private double MeanLoss(IBatchSource source)
    {
        double lossSum = 0, weightSum = 0;
        Span<int> indices = stackalloc int[64];
        int size = Math.Min(indices.Length, _batch.Capacity);
        for (int start = 0; start < source.Count; start += size)
        {
            int count = Math.Min(size, source.Count - start);
            for (int i = 0; i < count; i++) indices[i] = start + i;
            source.Fill(indices[..count], _batch);
            (double sum, double weight) = _backend.ComputeLoss(_batch);
            lossSum += sum;
            weightSum += weight;
        }

        return lossSum / weightSum;
    }

    private static string Shape(IBatchSource source) => $"{source.TimeSteps} time steps, {source.Features} features and {source.Outputs} outputs";

    /// <summary>Writes everything a resumed fit needs: weights, optimizer, clipping state and where the fit stands.</summary>
    public void Save(Stream stream)
    {
        bool heldBest = _holdsBest;
        HoldBest(false);
        try
        {
            Envelope.Write(stream, WriteState);
        }
        finally
        {
            HoldBest(heldBest);
        }
    }

    /// <summary>Continues a fit that <see cref="Save"/> wrote, with the same model, options and sequences.</summary>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, newer, or of another model, options or data.</exception>
    public void Resume(Stream stream)
    {
        HoldBest(false);
        Envelope.Read(stream, ReadState);
    }

    private void WriteState(BinaryWriter writer)
    {
        writer.Write(Fingerprint());
        FloatBlock.Write(writer, _parameters.Values);
        _optimizerState.Write(writer);
        _snapshot.Write(writer);
        _clipping.Save(writer);
        _progress.Write(writer);
    }

    private bool ReadState(BinaryReader reader, int version)
    {
        string expected = Fingerprint(), found = reader.ReadString();
        if (found != expected)
            throw new InvalidDataException($"The checkpoint is of another fit.{Environment.NewLine}It has: {found}{Environment.NewLine}This is: {expected}");
        FloatBlock.Read(reader, _parameters.Values, "The checkpoint's weights");
        _optimizerState.Read(reader);
        _snapshot.Read(reader);
        _clipping.Load(reader);
        _progress.Read(reader);
        return true;
    }

    /// <summary>What must be equal for a checkpoint to fit; epochs may differ, so that a fit can be prolonged.</summary>
    private string Fingerprint() => string.Join("; ",
        string.Join(", ", _parameters.Items),
        string.Create(CultureInfo.InvariantCulture, $"{_options.Optimizer}, learning rate {_options.LearningRate:R} {_options.Schedule}, batch {_options.BatchSize}"),
        $"clipping {_options.Clipping}, non-finite {_options.NonFinite}",
        $"seed {_options.Seed}, shuffle {_options.Shuffle}, {_train.Count} training and {_validation?.Count ?? 0} validation sequences of {_train.TimeSteps} steps",
        _options.CheckpointIdentity);
}
