using System.Text.Json.Serialization;
using static System.FormattableString;

namespace MlnetClip;

/// <summary>The record of a fit, saved with the model to report and reproduce the fit.</summary>
public sealed record LstmTrainingReport
{
    private readonly IReadOnlyList<EpochReport>? _history; // null when read from a file without it

    /// <summary>
    /// The number of rows passed to Fit, for training and validation together. For a forecaster this is the cut: in the series that was split, the
    /// rows from this one on (counting from 0) are held out.
    /// </summary>
    public required int Rows { get; init; }

    /// <summary>The number of rows that were used only for validation; for a forecaster, the last ones.</summary>
    public required int ValidationRows { get; init; }

    /// <summary>The number of rows without a value, which trainers other than the forecaster skip.</summary>
    public required int MissingRows { get; init; }

    // Model files keep the names that version 0.1 gave to the two numbers below.

    /// <summary>The number of sequences for training; for a forecaster, of windows.</summary>
    [JsonPropertyName("TrainingWindows")]
    public required int TrainingSequences { get; init; }

    /// <summary>The number of sequences for validation; for a forecaster, of windows.</summary>
    [JsonPropertyName("ValidationWindows")]
    public required int ValidationSequences { get; init; }

    /// <summary>The seed of all randomness in the fit: that of the <see cref="Microsoft.ML.MLContext"/>, or a random one if it has none.</summary>
    public required int Seed { get; init; }

    /// <summary>Whether <see cref="Seed"/> is random, because the context had none. A context with that seed reproduces the fit.</summary>
    public required bool SeedWasDrawn { get; init; }

    /// <summary>Whether training began with the weights of another model.</summary>
    public required bool WarmStart { get; init; }

    /// <summary>What training began with, in words: a trained model, or the weights of a file. Null for random weights, and for a model that an earlier version saved.</summary>
    public string? StartedFrom { get; init; }

    /// <summary>Epochs run.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch, from 1, whose weights were kept: that with the lowest validation loss, or the last one without validation; 0 where no step was made.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Training steps of all epochs.</summary>
    public required long Steps { get; init; }

    /// <summary>Why training ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>Mean training loss of the last epoch, in scaled units; with a linear part, that of the network on the residual, in units of its root mean square.</summary>
    public required double TrainingLoss { get; init; }

    /// <summary>Validation loss of <see cref="BestEpoch"/>, in scaled units, as <see cref="TrainingLoss"/>; null without validation.</summary>
    public required double? ValidationLoss { get; init; }

    /// <summary>The text form of the clipping setting, from <see cref="Options"/>.</summary>
    public string Clipping => Options[nameof(LstmTrainerOptions.Clipping)];

    /// <summary>The clipping record over all steps.</summary>
    public required ClippingSummary ClippingSummary { get; init; }

    /// <summary>The report of every epoch, in order; empty for a model saved by version 0.1.</summary>
    public IReadOnlyList<EpochReport> History
    {
        get => _history ?? [];
        init => _history = value;
    }

    /// <summary>
    /// What happened over the steps of the fit: losses, gradient norms, thresholds and learning rates. It is not saved with the model, whose file keeps
    /// <see cref="History"/> and <see cref="ClippingSummary"/>: null for a model that was loaded.
    /// </summary>
    [JsonIgnore]
    public TrainingTrace? Trace { get; init; }

    /// <summary>
    /// The learning rate that was found, with the clipping that it belongs to and the reason; null where the options gave a rate. Where the sweep could not tell, the fit used the default rate, which
    /// <see cref="ClippingSummary.LearningRate"/> has.
    /// </summary>
    public string? LearningRateReason { get; init; }

    /// <summary>The sweep that found the learning rate; null where the options gave a rate, and for a model that was loaded.</summary>
    [JsonIgnore]
    public LearningRateSweep? LearningRateSweep { get; init; }

    /// <summary>The linear part of a forecaster, and what the validation rows chose; null without one.</summary>
    public LinearPartReport? LinearPart { get; init; }

    /// <summary>Every option that affected the fit, by name, in text form.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>The version of MlnetClip that trained the model.</summary>
    public required string LibraryVersion { get; init; }

    /// <summary>The version of Microsoft.ML in the training process.</summary>
    public required string MicrosoftMLVersion { get; init; }

    /// <summary>The fit in one line: epochs, data, losses, clipping, seed.</summary>
    public override string ToString() => Steps == 0
        ? Invariant($"no training step was made: the weights are those of {StartedFrom ?? "the beginning"}; seed {Seed}")
        : Invariant($"{Epochs} {(Epochs == 1 ? "epoch" : "epochs")} of {TrainingSequences} sequences{(StopReason == StopReason.EarlyStopped ? ", stopped early" : "")}; ")
        + Invariant($"epoch {BestEpoch} is kept: training loss {TrainingLoss:G4} at the end{(ValidationLoss is { } loss ? Invariant($", validation loss {loss:G4}") : "")}; ")
        + Invariant($"{ClippingSummary}; seed {Seed}");
}
