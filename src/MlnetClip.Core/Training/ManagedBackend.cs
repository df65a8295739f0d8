using MlnetClip.Data;
using MlnetClip.Kernels;
using MlnetClip.Layers;
using MlnetClip.Models;
using MlnetClip.Parameters;
using MlnetClip.Training;

namespace MlnetClip.Training;

/// <summary>The engine in managed code, with vector instructions and several threads.</summary>
/// <remarks>Results are bit-identical for every number of threads. Not safe for calls from several threads at a time.</remarks>
public sealed unsafe class ManagedBackend : IBackend
{
    private readonly ModelSpec _model;
    private readonly BatchShape _shape;
    private readonly ILoss _loss;
    private readonly int _maxBatchSize;
    private readonly Network _network;
    private readonly ThreadTeam _team;
    private readonly AlignedBuffer _outputs, _dOutputs;
    private readonly AlignedBuffer[] _scratch; // one for each member of the team
    private readonly Action<int, int> _packForward, _forward, _packBackward, _backward, _weightGradients; // created once: a step allocates nothing

    // What the pieces of work of the current call read.
    private float* _x, _y, _values, _gradients;
    private int* _ids;
    private Pass _pass;
    private double _weightSum = 1; // of the last batch
    private BackpropLimits _backpropClipping;
    private int _blocks;

    /// <summary>Allocates everything that a training step needs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="shape">The sizes of the sequences.</param>
    /// <param name="maxBatchSize">The largest B of a batch, at least 1.</param>
    /// <param name="loss">The loss to minimize.</param>
    /// <param name="threads">The number of threads, including the caller's, from 1 to 1024.</param>
    /// <exception cref="ArgumentException">An argument is outside its range, the shape does not match the model and the loss, or there is not enough memory.</exception>
    /// <remarks>All parameters are zero until <see cref="Initialize"/> or a copy fills them.</remarks>
    public ManagedBackend(ModelSpec model, BatchShape shape, int maxBatchSize, ILoss loss, int threads = 1)
        : this(model, shape, maxBatchSize, loss, threads, KernelSet.Best)
    {
    }

    internal ManagedBackend(ModelSpec model, BatchShape shape, int maxBatchSize, ILoss loss, int threads, KernelSet kernels, BatchParts? parts = null)
    {
        IReadOnlyList<ParameterSpec> layout = ModelLayout.Create(model);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatchSize, 1);
        ArgumentNullException.ThrowIfNull(loss);
        BackendChecks.Shape(model, shape, loss);
        EngineMemory.Needed(model, shape, maxBatchSize, threads).Check();
        Parameters = new ParameterSet(layout);
        _team = new ThreadTeam(threads);
        (_model, _shape, _loss, _maxBatchSize) = (model, shape, loss, maxBatchSize);
        _network = new Network(model, Parameters, kernels, shape.TimeSteps, maxBatchSize, parts ?? new BatchParts(model));
        long outputs = (long)shape.TargetSteps * maxBatchSize * model.Head.Outputs;
        (_outputs, _dOutputs) = (new AlignedBuffer(outputs), new AlignedBuffer(outputs));
        _scratch = new AlignedBuffer[threads];
        for (int i = 0; i < threads; i++) _scratch[i] = new AlignedBuffer(KernelSet.ScratchLength);
        _packForward = (piece, _) => _network.PackForward(piece, _values);
        _packBackward = (piece, _) => _network.PackBackward(piece, _values);
        _forward = (block, _) => _network.Forward(_pass, _x, _ids, _values, _y, FirstOf(block), FirstOf(block + 1));
        _backward = (block, _) => _network.Backward(_pass, _x, _dOutputs.Pointer, FirstOf(block), FirstOf(block + 1));
        _weightGradients = (piece, member) => _network.WeightGradients(_pass, piece, _gradients, _x, _ids, _scratch[member].Pointer);
    }

    /// <inheritdoc/>
    public ParameterSet Parameters { get; }

    /// <inheritdoc/>
    public int LossTerms => _shape.Targets * _shape.TargetSteps;

    /// <inheritdoc/>
    public IWorkers Workers => _team;

    /// <inheritdoc/>
    /// <remarks>Truncation counts from the end of a sequence, so it needs a head that reads the end: <see cref="Pooling.Last"/>.</remarks>
    public BackpropLimits BackpropClipping
    {
        get => _backpropClipping;
        set
        {
            BackendChecks.Limits(nameof(ManagedBackend), _model, value);
            _backpropClipping = value;
        }
    }

    /// <inheritdoc/>
    public double ShareLimitedInside { get; private set; }

    /// <inheritdoc/>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Initializes the parameters as PyTorch does; the result depends only on the seed. See <see cref="Initialization"/>.</summary>
    public void Initialize(ulong seed) => Initialization.Apply(_model, Parameters, seed);

    /// <inheritdoc/>
    public BatchSums ComputeGradients(SequenceBatch batch, ulong dropoutSeed)
    {
        BackendChecks.Batch(nameof(ManagedBackend), _model, _shape, _maxBatchSize, batch);
        fixed (float* x = batch.Inputs, values = Parameters.Values, gradients = Parameters.Gradients)
        fixed (int* ids = batch.Ids, lengths = batch.Lengths)
        {
            BatchSums sums = Forward(batch, x, ids, lengths, values, dropoutSeed, wantsGradient: true);
            _gradients = gradients;
            _team.Run(_network.PackPieces, _packBackward);
            _team.Run(_blocks, _backward);
            _team.Run(_network.BeginWeightGradients(_pass), _weightGradients);
            Cancellation.ThrowIfCancellationRequested();
            ShareLimitedInside = _network.TakeShareLimited();
            return sums;
        }
    }

    /// <inheritdoc/>
    public void TimeStepNorms(Span<double> norms)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(norms.Length, _pass.TimeSteps, nameof(norms));
        _network.TimeStepNorms(_pass, norms);
        foreach (ref double norm in norms) norm /= _weightSum;
    }

    /// <inheritdoc/>
    public BatchSums ComputeLoss(SequenceBatch batch)
    {
        BackendChecks.Batch(nameof(ManagedBackend), _model, _shape, _maxBatchSize, batch);
        fixed (float* x = batch.Inputs, values = Parameters.Values)
        fixed (int* ids = batch.Ids, lengths = batch.Lengths)
            return Forward(batch, x, ids, lengths, values, dropoutSeed: null, wantsGradient: false);
    }

    /// <summary>The outputs of the last batch, [S, B, O]; overwritten by the next call.</summary>
    public ReadOnlySpan<float> Outputs => _outputs.Span[..OutputLength];

    private int OutputLength => (_shape.EveryStep ? _pass.TimeSteps : 1) * _pass.BatchSize * _model.Head.Outputs;

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _team.Dispose();

    private BatchSums Forward(SequenceBatch batch, float* x, int* ids, int* lengths, float* values, ulong? dropoutSeed, bool wantsGradient)
    {
        bool full = batch.IsFull;
        if (!full) batch.ClearPadding();
        _x = x;
        _ids = ids;
        _y = _outputs.Pointer;
        _values = values;
        int parts = _network.PartsOf(batch.TimeSteps, batch.BatchSize);
        _pass = new Pass(batch.TimeSteps, batch.BatchSize, full ? null : lengths, dropoutSeed, default, parts, wantsGradient ? Cancellation : default);
        _blocks = Math.Min(_team.Count, batch.BatchSize);
        _team.Run(_network.PackPieces, _packForward);
        _team.Run(_blocks, _forward);
        if (wantsGradient) Cancellation.ThrowIfCancellationRequested();
        BatchSums sums = _loss.Evaluate(
            _outputs.Span[..OutputLength], batch.Targets, batch.Weights, wantsGradient ? _dOutputs.Span[..OutputLength] : [], _model.Head.Outputs);
        _weightSum = sums.WeightSum > 0 ? sums.WeightSum : 1;
        _pass = _pass.With(ForSum(BackpropClipping));
        return sums;
    }

    /// <summary>Converts limits for the mean loss to limits for the sum, whose gradient the backward pass computes.</summary>
    private BackpropLimits ForSum(BackpropLimits mean) =>
        new((float?)(mean.Value * _weightSum), (float?)(mean.Norm * _weightSum), mean.TruncateSteps);

    /// <summary>The first sequence of a block: the batch in equal parts.</summary>
    private int FirstOf(int block) => (int)((long)_pass.BatchSize * block / _blocks);
}
