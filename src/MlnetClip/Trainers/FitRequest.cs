using MlnetClip.Data;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Trainers;

/// <summary>A trainer's request to <see cref="TrainerFit"/>: a model, its data, and the messages about both.</summary>
internal sealed record FitRequest
{
    /// <summary>The model.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The loss to minimize.</summary>
    public required ILoss Loss { get; init; }

    /// <summary>The training sequences, at least one.</summary>
    public required IBatchStream Training { get; init; }

    /// <summary>The validation sequences; null without validation.</summary>
    public IBatchStream? Validation { get; init; }

    /// <summary>The identity of the data, for checkpoints.</summary>
    public required string DataIdentity { get; init; }

    /// <summary>The data of the fit, as the beginning of a sentence that continues with clipping and seed.</summary>
    public required string Subject { get; init; }

    /// <summary>Further messages before training begins.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Warnings for users.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Weights to start from, all of the model's; null for random ones.</summary>
    public ReadOnlyMemory<float>? StartWeights { get; init; }

    /// <summary>Distinguishes the model or the initial weights to start from, for checkpoints; null without any.</summary>
    public string? StartHash { get; init; }

    /// <summary>What training begins with, in words; null for random weights.</summary>
    public string? StartedFrom { get; init; }

    /// <summary>Changes the random initial weights; null to keep them.</summary>
    public Action<ParameterSet>? Prepare { get; init; }
}
