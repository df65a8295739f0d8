using MlnetClip.Checkpoints;
using MlnetClip.Clipping;
using MlnetClip.Gradients;
using MlnetClip.Optimizers;
using MlnetClip.Parameters;

namespace MlnetClip.Training;

/// <summary>Everything that a fit must keep between steps, in one object that checkpoints write and read. The loop itself has no state.</summary>
internal sealed class FitState
{
    /// <summary>Creates the state of a new fit.</summary>
    /// <exception cref="ArgumentException">A clipping rule's group selects no parameter of the model.</exception>
    public FitState(TrainingOptions options, GradientGroup gradient)
    {
        ParameterSet parameters = gradient.Parameters;
        Optimizer = options.Optimizer.CreateState(parameters);
        Snapshot = new RollBackSnapshot(parameters, options.Optimizer, Optimizer);
        Clipping = new ClippingStates(options.Clipping, gradient);
        Weights = new BestWeights(parameters);
        Average = options.WeightAveraging is { } averaging ? new AveragedWeights(parameters, averaging, options.Epochs) : null;
        Trace = new TraceRecorder(new TraceParts(gradient));
    }

    /// <summary>The position of the fit.</summary>
    public FitPosition Position { get; } = new();

    /// <summary>The newest and the best weights.</summary>
    public BestWeights Weights { get; }

    /// <summary>The average of the weights; null where there is none.</summary>
    public AveragedWeights? Average { get; }

    /// <summary>The optimizer's state.</summary>
    public OptimizerState Optimizer { get; }

    /// <summary>The snapshot for roll-backs, and how far roll-backs reduced the learning rate.</summary>
    public RollBackSnapshot Snapshot { get; }

    /// <summary>The state of the non-finite policy.</summary>
    public NonFiniteGuardState Guard { get; } = new();

    /// <summary>The states of the clipping rules.</summary>
    public ClippingStates Clipping { get; }

    /// <summary>Figures of the current epoch.</summary>
    public EpochFigures Epoch { get; } = new();

    /// <summary>Reports of the finished epochs.</summary>
    public FitHistory History { get; } = new();

    /// <summary>Figures over all steps.</summary>
    public ClippingStatistics Statistics { get; } = new();

    /// <summary>What each time step contributed to the gradient, where measured.</summary>
    public TimeStepContributions TimeSteps { get; } = new();

    /// <summary>What happened over the steps.</summary>
    public TraceRecorder Trace { get; }

    /// <summary>The size of the largest batch so far, at least 1. It is that of a full batch, although the last batch of an epoch may be smaller.</summary>
    public int LargestBatch { get; private set; } = 1;

    /// <summary>Adds a finished step.</summary>
    /// <param name="report">What it did.</param>
    /// <param name="sums">Its loss.</param>
    /// <param name="batchSize">The number of sequences in its batch.</param>
    public void AddStep(in StepReport report, BatchSums sums, int batchSize)
    {
        LargestBatch = Math.Max(LargestBatch, batchSize);
        Epoch.Add(sums, report.LearningRate, report.Clip);
        Trace.Add(report);
        Position.NextStep();
    }

    /// <summary>Ends the current epoch.</summary>
    public EpochReport EndEpoch(double? validationLoss)
    {
        int epoch = Position.Epoch + 1;
        EpochReport report = Epoch.End(epoch, validationLoss, Weights.Offer(epoch, validationLoss));
        History.Add(report);
        Position.NextEpoch();
        return report;
    }

    public void Write(BinaryWriter writer)
    {
        Position.Write(writer);
        writer.Write(LargestBatch);
        Weights.Write(writer);
        Optimizer.Write(writer);
        Snapshot.Write(writer);
        Guard.Write(writer);
        Clipping.Write(writer);
        Epoch.Write(writer);
        History.Write(writer);
        Statistics.Write(writer);
        TimeSteps.Write(writer);
        Trace.Write(writer);
        Average?.Write(writer);
    }

    /// <summary>Reads what <see cref="Write"/> wrote, each field compared with its range; <see cref="Check"/> compares them with each other.</summary>
    /// <exception cref="InvalidDataException">A field is outside its range.</exception>
    public void Read(BinaryReader reader)
    {
        Position.Read(reader);
        LargestBatch = reader.ReadInt32("the largest batch", 1);
        Weights.Read(reader);
        Optimizer.Read(reader);
        Snapshot.Read(reader);
        Guard.Read(reader);
        Clipping.Read(reader);
        Epoch.Read(reader);
        History.Read(reader);
        Statistics.Read(reader);
        TimeSteps.Read(reader);
        Trace.Read(reader);
        Average?.Read(reader);
    }

    /// <summary>Throws when fields contradict each other or the fit.</summary>
    /// <param name="batches">Batches of an epoch.</param>
    /// <param name="batchSize">Sequences of the largest batch that the fit can have.</param>
    /// <param name="timeSteps">T: time steps of a sequence.</param>
    /// <exception cref="InvalidDataException">They do.</exception>
    public void Check(long batches, int batchSize, int timeSteps)
    {
        if (Position.Batch > batches) throw FieldReader.Wrong("the batch", $"must be from 0 to {batches}", $"{Position.Batch}");
        long steps = (Position.Epoch * batches) + Position.Batch;
        if (Position.Step != steps) throw FieldReader.Wrong("the step", $"must be {steps} at batch {Position.Batch} of epoch {Position.Epoch}, counted from 0", $"{Position.Step}");
        if (LargestBatch > batchSize) throw FieldReader.Wrong("the largest batch", $"must be at most {batchSize}", $"{LargestBatch}");
        if (Optimizer.Updates > steps) throw FieldReader.Wrong("the updates of the optimizer", $"must be at most the {steps} steps", $"{Optimizer.Updates}");
        if (History.Epochs.Count != Position.Epoch) throw FieldReader.Wrong("the number of epoch reports", $"must be {Position.Epoch}", $"{History.Epochs.Count}");
        if (Statistics.Steps != steps) throw FieldReader.Wrong("the steps of the statistics", $"must be {steps}", $"{Statistics.Steps}");
        if (Trace.Steps != steps) throw FieldReader.Wrong("the steps of the trace", $"must be {steps}", $"{Trace.Steps}");
        Clipping.Check(steps);
        Average?.Check(steps, Position.Epoch);
        Epoch.Check(Position.Batch);
        Weights.Check(History.Epochs);
        TimeSteps.Check(timeSteps, Statistics.FiniteSteps);

        // Only a fit with a gradient that was not finite may have continued with such weights.
        if (Statistics.NonFiniteSteps == 0 && !(Weights.AreFinite && Optimizer.HasNoNaN && Snapshot.IsFinite && Average?.IsFinite != false))
            throw FieldReader.Wrong("the weights", "must be finite, as the gradients of all steps were", "not: the file was changed, or the last step before it was written diverged");
    }
}
