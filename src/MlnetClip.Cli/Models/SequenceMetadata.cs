using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Models;

/// <summary>What the tool adds to the metadata of a model over sequences.</summary>
/// <param name="Labels">The columns of the label: one, or in labeling one for each time step.</param>
/// <param name="Features">The columns of the sequence, in order.</param>
/// <param name="Weight">The column of example weights; null for none.</param>
/// <param name="Seed">The seed that drew the held-out rows.</param>
internal sealed record SequenceMetadata(IReadOnlyList<string> Labels, IReadOnlyList<string> Features, string? Weight, int Seed)
{
    /// <summary>The columns of a long file, whose rows are time steps; null for a wide one.</summary>
    public StepColumns? Steps { get; init; }

    /// <summary>What is wrong with values that were read, or null.</summary>
    public string? Problem() =>
        Labels is null or { Count: 0 } || Features is null or { Count: 0 } || Labels.Concat(Features).Any(string.IsNullOrEmpty) || Steps is { Sequence: null or "" }
            ? "sequences must have the names of label and feature columns"
            : null;
}
