using MlnetClip.Data;
using MlnetClip.Models;
using MlnetClip.Parameters;
using MlnetClip.Training;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace MlnetClip.Libtorch;

/// <summary>
/// The engine over libtorch. The values of the parameters go to the device before each pass, and their gradients come back after it, so that clipping,
/// optimizers and checkpoints are the training loop's. The loss is computed on the host, by the same code as on the managed engine.
/// </summary>
/// <remarks>Not safe for calls from several threads at a time.</remarks>
internal sealed class TorchEngine : IBackend
{
    private const string Name = nameof(TorchSharpBackend);

    private readonly BackendRequest _request;
    private readonly torch.Device _device;
    private readonly TorchNetwork _network;
    private readonly float[] _outputs, _dOutputs;
    private BackpropLimits _backpropClipping;

    // Of the last gradient, for the contributions of time steps.
    private SequenceBatch? _lastBatch;
    private ulong _lastSeed;
    private double _lastWeight;
    private BackpropLimits _lastLimits;
    private int _lastOutputs;

    /// <param name="request">What the fit asks for.</param>
    /// <param name="device">The device.</param>
    public TorchEngine(BackendRequest request, torch.Device device)
    {
        (_request, _device) = (request, device);
        Parameters = new ParameterSet(ModelLayout.Create(request.Model));
        ArgumentOutOfRangeException.ThrowIfLessThan(request.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Threads, 1);
        BackendChecks.Shape(request.Model, request.Shape, request.Loss);
        if (device.type == DeviceType.CPU) EngineMemory.Needed(request.Model, request.Shape, request.BatchSize, request.Threads).Check(); // libtorch keeps at least as much
        int outputs = checked(request.Shape.TargetSteps * request.BatchSize * request.Model.Head.Outputs);
        (_outputs, _dOutputs) = (new float[outputs], new float[outputs]);
        using var scope = torch.NewDisposeScope();
        _network = new TorchNetwork(request.Model, Parameters, device);
        Initialization.Apply(request.Model, Parameters, request.Seed);
    }

    /// <inheritdoc/>
    public ParameterSet Parameters { get; }

    /// <inheritdoc/>
    public int LossTerms => _request.Shape.Targets * _request.Shape.TargetSteps;

    /// <inheritdoc/>
    public BackpropLimits BackpropClipping
    {
        get => _backpropClipping;
        set
        {
            BackendChecks.Limits(Name, _request.Model, value);
            _backpropClipping = value;
        }
    }

    /// <inheritdoc/>
    public double ShareLimitedInside { get; private set; }

    /// <inheritdoc/>
    public CancellationToken Cancellation { get; set; }

    /// <inheritdoc/>
    public BatchSums ComputeGradients(SequenceBatch batch, ulong dropoutSeed)
    {
        Prepare(batch);
        return LibtorchErrors.Guard(() => Gradients(batch, dropoutSeed));
    }

    /// <inheritdoc/>
    /// <remarks>Computes the step once more, one time step after the other, with the values of the parameters that it had; the batch must still hold its sequences.</remarks>
    public void TimeStepNorms(Span<double> norms)
    {
        SequenceBatch batch = _lastBatch ?? throw new InvalidOperationException($"{Name}: there is no gradient yet whose time steps could be measured.");
        ArgumentOutOfRangeException.ThrowIfNotEqual(norms.Length, batch.TimeSteps, nameof(norms));
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var pass = new TorchPass(batch, _device, _lastSeed, wantsGradient: true, Cancellation) { Limits = _lastLimits, Squares = new double[batch.TimeSteps] };
        _network.Forward(pass);
        Backward(pass);
        for (int t = 0; t < norms.Length; t++) norms[t] = Math.Sqrt(pass.Squares[t]) / _lastWeight;
    }

    /// <inheritdoc/>
    public BatchSums ComputeLoss(SequenceBatch batch)
    {
        Prepare(batch);
        return LibtorchErrors.Guard(() =>
        {
            using var noGradient = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            WriteParameters();
            return Forward(new TorchPass(batch, _device, dropoutSeed: null, wantsGradient: false), batch, wantsGradient: false);
        });
    }

    /// <summary>Releases the memory of the device.</summary>
    public void Dispose() => _network.Dispose();

    private BatchSums Gradients(SequenceBatch batch, ulong dropoutSeed)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        WriteParameters();
        var pass = new TorchPass(batch, _device, dropoutSeed, wantsGradient: true, Cancellation)
        {
            Limits = _backpropClipping,
            Store = (parameter, gradient) => HostTensor.Read(gradient, Parameters.GradientsOf(parameter.Parameter)),
        };
        BatchSums sums = Forward(pass, batch, wantsGradient: true);
        double weight = sums.WeightSum > 0 ? sums.WeightSum : 1;
        pass.Limits = ForSum(_backpropClipping, weight);
        Backward(pass);
        Cancellation.ThrowIfCancellationRequested();
        ShareLimitedInside = pass.Passed == 0 ? 0 : (double)pass.Limited / pass.Passed;
        (_lastBatch, _lastSeed, _lastWeight, _lastLimits) = (batch, dropoutSeed, weight, pass.Limits);
        return sums;
    }

    private void Prepare(SequenceBatch batch)
    {
        BackendChecks.Batch(Name, _request.Model, _request.Shape, _request.BatchSize, batch);
        if (!batch.IsFull) batch.ClearPadding();
        if (torch.get_num_threads() != _request.Threads) torch.set_num_threads(_request.Threads);
    }

    private void WriteParameters()
    {
        foreach (TorchParameter parameter in _network.Parameters) HostTensor.Write(Parameters.ValuesOf(parameter.Parameter), parameter.Value);
    }

    private BatchSums Forward(TorchPass pass, SequenceBatch batch, bool wantsGradient)
    {
        Tensor outputs = _network.Forward(pass);
        int length = (int)outputs.numel();
        HostTensor.Read(outputs, _outputs.AsSpan(0, length));
        if (wantsGradient) (_lastOutputs, _lastBatch) = (length, null);
        return _request.Loss.Evaluate(
            _outputs.AsSpan(0, length), batch.Targets, batch.Weights, wantsGradient ? _dOutputs.AsSpan(0, length) : [], _request.Model.Head.Outputs);
    }

    private void Backward(TorchPass pass)
    {
        ReadOnlySpan<float> dOutputs = _dOutputs.AsSpan(0, _lastOutputs);
        int outputs = _request.Model.Head.Outputs;
        using Tensor dY = _request.Shape.EveryStep
            ? HostTensor.From(dOutputs, _device, pass.TimeSteps, pass.BatchSize, outputs)
            : HostTensor.From(dOutputs, _device, pass.BatchSize, outputs);
        _network.Backward(pass, dY);
    }

    /// <summary>Converts limits for the mean loss to limits for the sum, whose gradient the backward pass computes.</summary>
    private static BackpropLimits ForSum(BackpropLimits mean, double weight) => new((float?)(mean.Value * weight), (float?)(mean.Norm * weight), mean.TruncateSteps);
}
