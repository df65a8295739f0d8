using static System.FormattableString;

namespace MlnetClip;

/// <summary>What a fit did: saved with the model, to report and reproduce the fit.</summary>
public sealed record LstmTrainingReport
{
    private readonly IReadOnlyList<EpochReport>? _history; // null when read from a file without it

    /// <summary>
    /// Rows that Fit saw, training and validation together. For a forecaster this is the cut: in the series that was split, the
    /// rows from this one on (counting from 0) were never seen.
    /// </summary>
    public required int Rows { get; init; }

    /// <summary>Rows that were used for validation only: a forecaster's last ones.</summary>
    public required int ValidationRows { get; init; }

    /// <summary>Rows without a value, which other trainers than the forecaster leave out.</summary>
    public required int MissingRows { get; init; }

    /// <summary>Windows, or sequences, trained on.</summary>
    public required int TrainingWindows { get; init; }

    /// <summary>Windows, or sequences, validated on.</summary>
    public required int ValidationWindows { get; init; }

    /// <summary>The seed of all randomness in the fit: the one given to <see cref="Microsoft.ML.MLContext"/>, or the one drawn where none was given.</summary>
    public required int Seed { get; init; }

    /// <summary>Whether <see cref="Seed"/> was drawn, since the context had none. A context with that seed repeats the fit.</summary>
    public required bool SeedWasDrawn { get; init; }

    /// <summary>Whether training began with the weights of another model.</summary>
    public required bool WarmStart { get; init; }

    /// <summary>Epochs run.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch, from 1, whose weights were kept: the one of the lowest validation loss, or the last without validation.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Training steps of all epochs.</summary>
    public required long Steps { get; init; }

    /// <summary>Why training ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>Mean training loss of the last epoch, in scaled units.</summary>
    public required double TrainingLoss { get; init; }

    /// <summary>Validation loss of <see cref="BestEpoch"/>, in scaled units; null without validation.</summary>
    public required double? ValidationLoss { get; init; }

    /// <summary>The text form of the clipping setting, from <see cref="Options"/>.</summary>
    public string Clipping => Options[nameof(LstmTrainerOptions.Clipping)];

    /// <summary>What clipping saw and did over all steps.</summary>
    public required ClippingSummary ClippingSummary { get; init; }

    /// <summary>The report of every epoch, in order; empty for a model that version 0.1 saved.</summary>
    public IReadOnlyList<EpochReport> History
    {
        get => _history ?? [];
        init => _history = value;
    }

    /// <summary>Every option that shaped the fit, by name, in text form.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>The version of MlnetClip that trained.</summary>
    public required string LibraryVersion { get; init; }

    /// <summary>The version of Microsoft.ML that it ran on.</summary>
    public required string MicrosoftMLVersion { get; init; }

    /// <summary>The fit in a line: epochs, data, losses, clipping, seed.</summary>
    public override string ToString() =>
        Invariant($"{Epochs} {(Epochs == 1 ? "epoch" : "epochs")} of {TrainingWindows} sequences{(StopReason == StopReason.EarlyStopped ? ", stopped early" : "")}; ")
        + Invariant($"epoch {BestEpoch} is kept: training loss {TrainingLoss:G4} at the end{(ValidationLoss is { } loss ? Invariant($", validation loss {loss:G4}") : "")}; ")
        + Invariant($"{ClippingSummary}; seed {Seed}");
}
