using Microsoft.ML.Runtime;
using MlnetClip.Checkpoints;
using MlnetClip.Data;
using MlnetClip.Monitoring;
using MlnetClip.MLNetInternals;
using MlnetClip.Training;

namespace MlnetClip.Trainers;

/// <summary>The fit that all trainers share: engine, loop, checkpoint, log and observers.</summary>
internal static class TrainerFit
{
    /// <summary>Runs a fit to its end.</summary>
    /// <param name="host">The trainer's host.</param>
    /// <param name="options">The trainer's options, with the scope's overrides.</param>
    /// <param name="scope">The scope that the fit runs in; null for none.</param>
    /// <param name="seed">The seed of the fit.</param>
    /// <param name="request">The model and the data.</param>
    /// <exception cref="OperationCanceledException">The options' token or the context was cancelled; a checkpoint was written where the options name one.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, or of another fit.</exception>
    /// <exception cref="IOException">Another fit uses the checkpoint.</exception>
    /// <exception cref="FitObserverException">An observer threw an exception; a checkpoint was written where the options name one.</exception>
    public static FitOutcome Run(IHost host, LstmTrainerOptions options, FitScope? scope, FitSeed seed, FitRequest request)
    {
        using CheckpointLock? use = options.CheckpointPath is { } used ? CheckpointLock.Take(used) : null;
        int largestBatch = (int)Math.Min(options.BatchSize, Math.Max(request.Training.Count, request.Validation?.Count ?? 0));
        var warnings = new List<string>(request.Warnings);
        if (options.Frozen is { } frozen && request.StartHash is null)
            warnings.Add($"The parameters of {nameof(options.Frozen)} '{frozen}' keep random weights, because training does not begin with those of a model.");
        using IBackend backend = options.Backend.Create(new BackendRequest
        {
            Model = request.Model,
            Shape = request.Training.Shape,
            BatchSize = largestBatch,
            Loss = request.Loss,
            Threads = options.Threads,
            Seed = seed.Weights,
            GpuDeviceId = HostAccess.GpuOf(host),
            FallbackToCpu = HostAccess.FallsBackToCpu(host),
            Warn = warnings.Add,
        });
        if (request.StartWeights is { } start) start.Span.CopyTo(backend.Parameters.Values);
        else request.Prepare?.Invoke(backend.Parameters);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        CheckpointField[] identity = [new("Data", request.DataIdentity), new("Seed", $"{seed.Value}"), new("Warm start", request.StartHash ?? "none")];
        var description = new FitDescription(
            options.NumberOfEpochs, options.Clipping, Described(options, request), request.DataIdentity, request.Validation is not null, options.CheckpointPath);
        TrainingOptions training = options.ForTraining(seed.Training, identity);
        LearningRateSweep? sweep = options.LearningRate is null && options.NumberOfEpochs > 0 ? LearningRateFinder.Run(backend, training, request.Training, cancellation: cancellation.Token) : null;
        training = training with { LearningRate = sweep?.Proposal ?? training.LearningRate, Description = description with { Sweep = sweep } };
        var loop = new TrainingLoop(backend, training, request.Training, request.Validation);

        using var channel = new TrainingChannel(host, options);
        channel.Begin(request with { Warnings = warnings }, seed.Value);
        if (options.CheckpointPath is { } checkpoint) loop.Resume(checkpoint);

        using var telemetry = new TelemetryObserver();
        MetricsCallbackObserver? callback = options.MetricsCallback is { } onEpoch ? new(onEpoch) : null;
        IFitObserver? observers = FitObservers.Of(channel, telemetry, callback, options.Observer, scope?.Observer, new HostCancellation(host, cancellation));
        TrainingResult result = loop.Run(observers, cancellation.Token);
        if (result.Reason == StopReason.Cancelled) throw host.Process(new OperationCanceledException(options.CancellationToken));
        return new FitOutcome(result, backend.Parameters.Values.ToArray(), seed) { Sweep = sweep };
    }

    /// <summary>The options in text form, and what the fit begins with.</summary>
    private static IReadOnlyDictionary<string, string> Described(LstmTrainerOptions options, FitRequest request) => request.StartHash is not { } hash
        ? options.Describe()
        : new Dictionary<string, string>(options.Describe()) { [nameof(LstmTrainingReport.StartedFrom)] = $"{request.StartedFrom}, SHA-256 {hash}" };
}
