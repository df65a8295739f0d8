using MlnetClip.Data;
using MlnetClip.Models;

namespace MlnetClip.Training;

/// <summary>What a fit asks of a <see cref="TrainingBackend"/>: an engine for a model, its sequences and its loss.</summary>
public sealed record BackendRequest
{
    /// <summary>The model.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The sizes of the sequences.</summary>
    public required BatchShape Shape { get; init; }

    /// <summary>The largest number of sequences of a batch, 1 or more.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The loss to minimize.</summary>
    public required ILoss Loss { get; init; }

    /// <summary>Threads that may work, from 1 to 1024. Default: 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Decides the initial values of the parameters. Default: 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>The number of the GPU that the context asks for, <c>MLContext.GpuDeviceId</c>; null for none. Default: null.</summary>
    public int? GpuDeviceId { get; init; }

    /// <summary>Whether to train on the processor where that GPU is not available, <c>MLContext.FallbackToCpu</c>; otherwise that is an error. Default: false.</summary>
    public bool FallbackToCpu { get; init; }

    /// <summary>Receives warnings for the user. Default: null for none.</summary>
    public Action<string>? Warn { get; init; }
}
