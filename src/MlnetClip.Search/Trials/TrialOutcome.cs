namespace MlnetClip.Search.Trials;

/// <summary>What an objective says of a trial that it ran.</summary>
/// <param name="Value">The value, less is better; NaN and infinity make the trial fail.</param>
public sealed record TrialOutcome(double Value)
{
    /// <summary>Whether the objective stopped because the study told it to; the value is then the last one reported.</summary>
    public bool Pruned { get; init; }

    /// <summary>What else was measured, by name, for example <c>share_clipped</c>.</summary>
    public IReadOnlyDictionary<string, double> Measures { get; init; } = new Dictionary<string, double>();
}
