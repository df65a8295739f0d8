using System.Globalization;

namespace MlnetClip.Search.Conclusions;

/// <summary>The one place where conclusions become words.</summary>
internal static class ConclusionText
{
    /// <summary>The finding, without a full stop.</summary>
    public static string OfVerdict(StudyConclusion found) => found.Verdict switch
    {
        StudyVerdict.Helps => $"clipping helps: {Plateau(found)}; {WithoutIsWorse(found)}",
        StudyVerdict.SmallestIsBest => $"clipping helps: {found.Best!.Clipping}, the smallest threshold tried, does best, so a smaller one may do better still; {WithoutIsWorse(found)}",
        StudyVerdict.Needed => $"clipping is needed here: {Diverges(found)}; {Plateau(found)}",
        StudyVerdict.OnlyHurts => $"clipping only hurts here: {Hurts(found)}",
        StudyVerdict.NoDifference => $"clipping makes no difference here{Noise(found)}",
        StudyVerdict.Vanishing => $"the gradients vanish over the time steps, and clipping makes no difference{Noise(found)}",
        StudyVerdict.CannotTell => $"cannot tell whether clipping helps, because {Because(found)}; the best so far is {SoFar(found.Best!)}",
        _ => NothingTrained(found),
    };

    /// <summary>What there is to explain about the recommendation, in sentences.</summary>
    public static string OfRecommendation(StudyConclusion found)
    {
        if (found is not { Recommended: { } recommended, Best: { } best }) return "";
        string basis = found.Basis switch
        {
            RecommendationBasis.MiddleOfPlateau =>
                $"{best.Clipping} has the lowest mean loss{Lead(recommended, best)}; differences of up to {Share(Concluder.Tolerance)} count as none, so the middle of the settings that do as well is recommended.",
            RecommendationBasis.NoClippingDoesAsWell =>
                $"{best.Clipping} has the lowest mean loss{Lead(recommended, best)}, which counts as no difference, so no clipping is recommended.",
            _ => "",
        };
        string clips = recommended.ShareClipped > ClippingVerdict.MostSteps
            ? $"{recommended.Clipping} clips {Share(recommended.ShareClipped)} of the steps, so it acts on the size of every step. A higher threshold would clip the rare large steps only, and was not found better here."
            : "";
        return string.Join(' ', new[] { basis, clips }.Where(text => text.Length > 0));
    }

    private static string Plateau(StudyConclusion found) => found.Plateau is [var only]
        ? $"{only.Clipping} does best"
        : $"from {found.Plateau[0].Clipping} to {found.Plateau[^1].Clipping} it does equally well";

    private static string WithoutIsWorse(StudyConclusion found) =>
        $"without it the loss is {Share(found.UnclippedAbove)} higher, over {Count(found.Seeds, "seed")}";

    private static string Diverges(StudyConclusion found) => found.DivergesFrom is { } from && double.IsFinite(from)
        ? string.Create(CultureInfo.InvariantCulture, $"at {from:R} and above training diverges")
        : $"without it training diverges with {found.Unclipped!.DivergedSeeds.Count} of {Count(found.Unclipped.Seeds, "seed")}";

    private static string Hurts(StudyConclusion found)
    {
        if (found.Clipped!.Diverged) return $"training diverges with every clipped setting that was tried with {Count(found.Seeds, "seed")}, and does not without clipping";
        return found.UnclippedAbove < -Bar(found)
            ? $"the loss of {found.Clipped.Clipping}, the best clipped setting, is {Share(-found.UnclippedAbove / (1 + found.UnclippedAbove))} above that without clipping, over {Count(found.Seeds, "seed")}"
            : "the smaller the threshold, the worse";
    }

    /// <summary>What a difference that does not stand out comes to.</summary>
    private static string Noise(StudyConclusion found) => Math.Abs(found.UnclippedAbove) <= Concluder.Tolerance
        ? ""
        : $" that stands out from the noise between seeds: {(found.UnclippedAbove > 0 ? found.Clipped!.Clipping : GradientClipping.None)} did best by {Share(Math.Abs(found.UnclippedAbove))}, "
            + $"and a difference below {Share(Bar(found))} is as likely luck";

    private static string Because(StudyConclusion found) => found.Reason switch
    {
        CannotTellReason.TimeIsUp => "the time was over before training with and without clipping had ended with two seeds each",
        CannotTellReason.UnclippedFailed => $"training without clipping failed, though it did not diverge: {Failures(found)}",
        CannotTellReason.ClippedFailed => $"the clipped fits failed: {Failures(found)}",
        CannotTellReason.TooFewSeeds when Math.Max(found.Seeds, 1) == 1 => "training with and without clipping can be compared on one seed only, whose difference may be luck",
        CannotTellReason.TooFewSeeds => $"no clipped setting was trained with as many seeds as training without clipping, {found.Unclipped!.Seeds}",
        _ => found.Unclipped is null or { Seeds: 0 } ? "training without clipping was stopped before its end" : "every clipped fit was stopped before its end",
    };

    private static string SoFar(CurvePoint best) => string.Create(
        CultureInfo.InvariantCulture, $"{best.Clipping}, with a loss of {best.Losses.Values.Average():G4} over {Count(best.Losses.Count, "seed")}");

    private static string NothingTrained(StudyConclusion found) =>
        found.Failures.Count > 0 ? $"nothing could be trained here, with or without clipping: {Failures(found)}"
        : found.TimeIsUp ? "the time was over before the first fit had ended, so nothing could be trained"
        : "nothing was trained here: every fit was stopped before its end";

    private static string Failures(StudyConclusion found) => string.Join(", ", found.Failures.Select(failure => $"{failure.Count} {Failure(failure)}"));

    private static string Failure(FailureCount failure) => failure.Kind switch
    {
        FailureKind.NonFinite => "diverged",
        FailureKind.Timeout => "took too long",
        FailureKind.Metric => "had a metric that is not a number",
        FailureKind.ProcessLost => "lost their process",
        _ => $"threw ({failure.Example.TrimEnd('.')})",
    };

    /// <summary>By how much the best is below the recommended setting, where that can be said.</summary>
    private static string Lead(CurvePoint recommended, CurvePoint best) =>
        double.IsFinite(recommended.Mean) && recommended.Mean > best.Mean && best.Mean != 0 ? $", by {Share((recommended.Mean - best.Mean) / Math.Abs(best.Mean))}" : "";

    private static double Bar(StudyConclusion found) => Math.Max(Concluder.Tolerance, found.Noise?.Resolution ?? 0);

    private static string Share(double share) =>
        share.ToString(share switch { 0 or >= 0.1 => "0%", < 0.01 => "0.0#%", _ => "0.0%" }, CultureInfo.InvariantCulture);

    private static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
