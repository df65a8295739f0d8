using MlnetClip.Data;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Trainers;

/// <summary>What a trainer asks of <see cref="TrainerFit"/>: a model, what it learns from, and what is said about both.</summary>
internal sealed record FitRequest
{
    /// <summary>The model.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The loss to minimize.</summary>
    public required ILoss Loss { get; init; }

    /// <summary>The training sequences, at least one.</summary>
    public required ISequenceSource Training { get; init; }

    /// <summary>The validation sequences; null without validation.</summary>
    public ISequenceSource? Validation { get; init; }

    /// <summary>What distinguishes the data from others, for checkpoints.</summary>
    public required string DataIdentity { get; init; }

    /// <summary>What the fit learns from, as the beginning of a sentence that goes on with clipping and seed.</summary>
    public required string Subject { get; init; }

    /// <summary>What else is worth knowing before training begins.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What users should look into before they trust the model.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Weights to start from, all of the model's; null for random ones.</summary>
    public ReadOnlyMemory<float>? StartWeights { get; init; }

    /// <summary>Distinguishes the model to start from, for checkpoints; null without one.</summary>
    public string? StartHash { get; init; }

    /// <summary>Changes random initial weights; null to leave them.</summary>
    public Action<ParameterSet>? Prepare { get; init; }
}
