namespace MlnetClip;

/// <summary>How many trials failed in one way.</summary>
/// <param name="Kind">The way.</param>
/// <param name="Count">How many, 1 or more.</param>
/// <param name="Example">The message of the first of them.</param>
public sealed record FailureCount(FailureKind Kind, int Count, string Example)
{
    /// <summary>Counts failures by kind, the most frequent first.</summary>
    internal static IReadOnlyList<FailureCount> Of(IEnumerable<TrialFailure> failures) =>
    [
        .. failures.GroupBy(failure => failure.Kind)
            .Select(group => new FailureCount(group.Key, group.Count(), group.First().Message))
            .OrderByDescending(count => count.Count).ThenBy(count => count.Kind),
    ];
}
