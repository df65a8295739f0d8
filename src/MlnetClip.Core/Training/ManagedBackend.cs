using MlnetClip.Clipping;
using MlnetClip.Data;
using MlnetClip.Kernels;
using MlnetClip.Layers;
using MlnetClip.Losses;
using MlnetClip.Parameters;

namespace MlnetClip.Training;

/// <summary>The engine in managed code: stacked recurrent layers and a dense head, on vector instructions and a few threads.</summary>
/// <remarks>Results are bit-identical for every number of threads. Not safe for calls from several threads at a time.</remarks>
public sealed unsafe class ManagedBackend : ITrainingBackend
{
    private readonly SequenceModelSpec _spec;
    private readonly ILoss _loss;
    private readonly int _maxTimeSteps, _maxBatchSize;
    private readonly SequenceModel _model;
    private readonly ThreadTeam _team;
    private readonly AlignedBuffer _outputs, _dOutputs;
    private readonly AlignedBuffer[] _scratch; // one for each member of the team
    private readonly Action<int, int> _pack, _forward, _backward, _weightGradients; // made once: a step allocates nothing

    // What the pieces of work of the current call read.
    private float* _x, _y, _values, _gradients;
    private int _timeSteps, _batchSize, _blocks;
    private ulong? _dropoutSeed;

    /// <summary>Allocates everything that a training step needs.</summary>
    /// <param name="model">The sizes of the model.</param>
    /// <param name="timeSteps">The largest T of a batch, at least 1.</param>
    /// <param name="maxBatchSize">The largest B of a batch, at least 1.</param>
    /// <param name="loss">The loss to minimise.</param>
    /// <param name="threads">Threads to work on, with the caller's: at least 1.</param>
    /// <exception cref="ArgumentException">An argument is outside its range.</exception>
    /// <remarks>All parameters are zero until <see cref="Initialize"/> or a copy fills them.</remarks>
    public ManagedBackend(SequenceModelSpec model, int timeSteps, int maxBatchSize, ILoss loss, int threads = 1)
        : this(model, timeSteps, maxBatchSize, loss, threads, KernelSet.Best)
    {
    }

    internal ManagedBackend(SequenceModelSpec model, int timeSteps, int maxBatchSize, ILoss loss, int threads, KernelSet kernels)
    {
        Parameters = new ParameterSet(SequenceModelLayout.Create(model));
        ArgumentOutOfRangeException.ThrowIfLessThan(timeSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatchSize, 1);
        ArgumentNullException.ThrowIfNull(loss);
        _team = new ThreadTeam(threads);
        (_spec, _loss, _maxTimeSteps, _maxBatchSize) = (model, loss, timeSteps, maxBatchSize);
        _model = new SequenceModel(model, Parameters, kernels, timeSteps, maxBatchSize);
        _outputs = new AlignedBuffer((long)maxBatchSize * model.Outputs);
        _dOutputs = new AlignedBuffer((long)maxBatchSize * model.Outputs);
        _scratch = new AlignedBuffer[threads];
        for (int i = 0; i < threads; i++) _scratch[i] = new AlignedBuffer(KernelSet.ScratchLength);
        _pack = (piece, _) => _model.Pack(piece, _values);
        _forward = (block, _) => _model.Forward(_x, _y, _timeSteps, _batchSize, FirstOf(block), FirstOf(block + 1), _dropoutSeed);
        _backward = (block, _) => _model.Backward(
            _x, _dOutputs.Pointer, _timeSteps, _batchSize, FirstOf(block), FirstOf(block + 1), _dropoutSeed.GetValueOrDefault());
        _weightGradients = (piece, member) => _model.WeightGradients(piece, _gradients, _x, _timeSteps, _batchSize, _scratch[member].Pointer);
    }

    /// <inheritdoc/>
    public ParameterSet Parameters { get; }

    /// <inheritdoc/>
    public int LossTerms => _loss.TermsPerSequence(_spec.Outputs);

    /// <inheritdoc/>
    public BackpropagationLimits BackpropClipping
    {
        get => _model.BackpropClipping;
        set => _model.BackpropClipping = value;
    }

    /// <inheritdoc/>
    public double ShareLimitedInside { get; private set; }

    /// <inheritdoc/>
    public IWorkers Workers => _team;

    /// <summary>Fills the parameters as PyTorch does: all of them uniform in ±1/sqrt(H), from the seed alone.</summary>
    public void Initialize(ulong seed) => Initialization.Apply(Parameters, _spec.HiddenSize, seed);

    /// <inheritdoc/>
    public double ComputeGradients(SequenceBatch batch, ulong dropoutSeed)
    {
        Check(batch, training: true);
        fixed (float* x = batch.Inputs, values = Parameters.Values, gradients = Parameters.Gradients)
        {
            RunForward(batch, x, values, _outputs.Pointer, dropoutSeed);
            int length = batch.BatchSize * _spec.Outputs;
            var (lossSum, weightSum) = _loss.Evaluate(
                _outputs.Span[..length], batch.Targets, batch.Weights, _dOutputs.Span[..length], _spec.Outputs);
            _gradients = gradients;
            _team.Run(_blocks, _backward);
            _team.Run(_model.GradientPieces, _weightGradients);
            ShareLimitedInside = _model.ShareLimitedInside();
            return weightSum > 0 ? lossSum / weightSum : 0;
        }
    }

    /// <inheritdoc/>
    public void TimeStepNorms(Span<double> norms)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(norms.Length, _timeSteps, nameof(norms));
        _model.TimeStepNorms(norms, _timeSteps, _batchSize);
    }

    /// <inheritdoc/>
    public (double LossSum, double WeightSum) ComputeLoss(SequenceBatch batch)
    {
        Check(batch, training: true);
        fixed (float* x = batch.Inputs, values = Parameters.Values)
        {
            RunForward(batch, x, values, _outputs.Pointer, null);
            return _loss.Evaluate(_outputs.Span[..(batch.BatchSize * _spec.Outputs)], batch.Targets, batch.Weights, [], _spec.Outputs);
        }
    }

    /// <inheritdoc/>
    public void Predict(SequenceBatch batch, Span<float> outputs)
    {
        Check(batch, training: false);
        ArgumentOutOfRangeException.ThrowIfNotEqual(outputs.Length, batch.BatchSize * _spec.Outputs, nameof(outputs));
        fixed (float* x = batch.Inputs, values = Parameters.Values, y = outputs) RunForward(batch, x, values, y, null);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _team.Dispose();

    private void RunForward(SequenceBatch batch, float* x, float* values, float* y, ulong? dropoutSeed)
    {
        _x = x;
        _y = y;
        _values = values;
        _dropoutSeed = dropoutSeed;
        (_timeSteps, _batchSize) = (batch.TimeSteps, batch.BatchSize);
        _blocks = Math.Min(_team.Count, _batchSize);
        _team.Run(_model.PackPieces, _pack);
        _team.Run(_blocks, _forward);
    }

    /// <summary>The first sequence of a block: the batch in equal parts.</summary>
    private int FirstOf(int block) => (int)((long)_batchSize * block / _blocks);

    private void Check(SequenceBatch batch, bool training)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Features != _spec.Features || batch.TimeSteps > _maxTimeSteps || batch.BatchSize > _maxBatchSize
            || (training && batch.Outputs != _spec.Outputs))
        {
            throw new ArgumentException(
                $"ManagedBackend takes batches of up to {_maxTimeSteps} time steps and {_maxBatchSize} sequences with {_spec.Features} features "
                + $"and {_spec.Outputs} outputs, but the batch has {batch.TimeSteps}, {batch.BatchSize}, {batch.Features} and {batch.Outputs}.",
                nameof(batch));
        }
    }
}
