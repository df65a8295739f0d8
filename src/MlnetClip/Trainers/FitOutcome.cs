using MlnetClip.MLNetInternals;

namespace MlnetClip.Trainers;

/// <summary>The outcome of a fit.</summary>
/// <param name="Result">The result of the training loop.</param>
/// <param name="Weights">The weights of the best epoch.</param>
/// <param name="Seed">Its seed.</param>
internal sealed record FitOutcome(TrainingResult Result, float[] Weights, FitSeed Seed)
{
    /// <summary>The sweep that found the learning rate; null where it was given.</summary>
    public LearningRateSweep? Sweep { get; init; }

    /// <summary>The report that is saved with the model.</summary>
    /// <param name="options">The trainer's options.</param>
    /// <param name="request">The request of the fit.</param>
    /// <param name="rows">Rows read, training and validation together.</param>
    /// <param name="validationRows">Rows for validation only.</param>
    /// <param name="missingRows">Rows without a value.</param>
    public LstmTrainingReport Report(LstmTrainerOptions options, FitRequest request, int rows, int validationRows, int missingRows) => new()
    {
        Rows = rows,
        ValidationRows = validationRows,
        MissingRows = missingRows,
        TrainingSequences = checked((int)request.Training.Count),
        ValidationSequences = checked((int)(request.Validation?.Count ?? 0)),
        Seed = Seed.Value,
        SeedWasDrawn = Seed.WasDrawn,
        WarmStart = request.StartHash is not null,
        StartedFrom = request.StartedFrom,
        Epochs = Result.EpochsRun,
        BestEpoch = Result.BestEpoch,
        Steps = Result.Steps,
        StopReason = Result.Reason,
        TrainingLoss = Result.FinalTrainLoss,
        ValidationLoss = Result.BestValidationLoss,
        ClippingSummary = Result.Clipping,
        History = Result.History,
        LearningRateSweep = Sweep,
        LearningRateReason = Sweep?.ToString(),
        Trace = Result.Trace,
        Options = options.Describe(),
        LibraryVersion = LibraryVersion.Text,
        MicrosoftMLVersion = MicrosoftMLVersion.Text,
    };
}
