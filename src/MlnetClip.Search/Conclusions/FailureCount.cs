namespace MlnetClip;

/// <summary>The number of trials that failed in the same way.</summary>
/// <param name="Kind">The kind of failure.</param>
/// <param name="Count">The number of trials, 1 or more.</param>
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
