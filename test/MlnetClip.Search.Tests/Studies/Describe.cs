using System.Globalization;

namespace MlnetClip.Search.Tests.Studies;

/// <summary>Results as text.</summary>
internal static class Describe
{
    /// <summary>All of a result that must not depend on how the study was run.</summary>
    public static string All(ClippingStudyResult result) => string.Join('\n',
    [
        .. result.Trials.Select(trial => string.Create(CultureInfo.InvariantCulture,
            $"{trial.Number} {trial.Generation} {trial.Stage} {trial.Point} {trial.Seed} {trial.State} {trial.Value:R} {trial.Failure} {string.Join(' ', trial.Reports)} {string.Join(' ', trial.Measures.OrderBy(pair => pair.Key, StringComparer.Ordinal))}")),
        $"{result.Recommendation} {result.Verdict} {result.VerdictText} {result.Best?.Clipping} {result.Steps}",
    ]);
}
