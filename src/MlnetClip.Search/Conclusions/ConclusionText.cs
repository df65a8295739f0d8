using System.Globalization;

namespace MlnetClip.Search.Conclusions;

/// <summary>Writes conclusions as text. Only this class does.</summary>
internal static class ConclusionText
{
    /// <summary>The finding, without a final period.</summary>
    public static string OfVerdict(StudyConclusion found) => found.Verdict switch
    {
        StudyVerdict.Helps => $"clipping helps: {Plateau(found)}; {WithoutIsWorse(found)}",
        StudyVerdict.SmallestIsBest => $"clipping helps: {found.Best!.Clipping}, the smallest threshold tried, has the lowest loss, so an even smaller one may be better; {WithoutIsWorse(found)}",
        StudyVerdict.Needed => $"clipping is needed here: {Diverges(found)}; {Plateau(found)}",
        StudyVerdict.OnlyHurts => $"clipping only hurts here: {Hurts(found)}",
        StudyVerdict.NoDifference => $"clipping makes no difference here{Noise(found)}",
        StudyVerdict.Vanishing => $"the gradients vanish over the time steps, and clipping makes no difference{Noise(found)}",
        StudyVerdict.CannotTell => $"cannot tell whether clipping helps, because {Because(found)}; the best so far is {SoFar(found.Best!)}",
        _ => NothingTrained(found),
    };

    /// <summary>Explains the recommendation in sentences, where it needs an explanation.</summary>
    public static string OfRecommendation(StudyConclusion found)
    {
        if (found is not { Recommended: { } recommended, Best: { } best }) return "";
        string basis = found.Basis switch
        {
            RecommendationBasis.MiddleOfPlateau =>
                $"{best.Clipping} has the lowest mean loss{Lead(recommended, best)}; differences of up to {Share(Concluder.Tolerance)} are ignored, so the middle of the equally good settings is recommended.",
            RecommendationBasis.NoClippingDoesAsWell =>
                $"{best.Clipping} has the lowest mean loss{Lead(recommended, best)}, which counts as no difference, so no clipping is recommended.",
            _ => "",
        };
        string clips = recommended.ShareClipped > ClippingVerdict.MostSteps
            ? $"{recommended.Clipping} clips {Share(recommended.ShareClipped)} of the steps, so it changes the size of nearly every step. A higher threshold would clip only the rare large steps, but was not better here."
            : "";
        return string.Join(' ', new[] { basis, clips }.Where(text => text.Length > 0));
    }

    private static string Plateau(StudyConclusion found) => found.Plateau is [var only]
        ? $"{only.Clipping} has the lowest loss"
        : $"all settings from {found.Plateau[0].Clipping} to {found.Plateau[^1].Clipping} do equally well";

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

    /// <summary>The size of a difference that is not significant.</summary>
    private static string Noise(StudyConclusion found) => Math.Abs(found.UnclippedAbove) <= Concluder.Tolerance
        ? ""
        : $" beyond the noise between seeds: {(found.UnclippedAbove > 0 ? found.Clipped!.Clipping : GradientClipping.None)} has the lowest loss by {Share(Math.Abs(found.UnclippedAbove))}, "
            + $"but a difference below {Share(Bar(found))} may be chance";

    private static string Because(StudyConclusion found) => found.Reason switch
    {
        CannotTellReason.TimeIsUp => "the time ran out before training with and without clipping had finished with two seeds each",
        CannotTellReason.UnclippedFailed => $"training without clipping failed for another reason than divergence: {Failures(found)}",
        CannotTellReason.ClippedFailed => $"the clipped fits failed: {Failures(found)}",
        CannotTellReason.TooFewSeeds when Math.Max(found.Seeds, 1) == 1 => "training with and without clipping can be compared with one seed only, where the difference may be chance",
        CannotTellReason.TooFewSeeds => $"no clipped setting was trained with as many seeds as training without clipping, {found.Unclipped!.Seeds}",
        _ => found.Unclipped is null or { Seeds: 0 } ? "training without clipping was stopped early" : "every clipped fit was stopped early",
    };

    private static string SoFar(CurvePoint best) => string.Create(
        CultureInfo.InvariantCulture, $"{best.Clipping}, with a loss of {best.Losses.Values.Average():G4} over {Count(best.Losses.Count, "seed")}");

    private static string NothingTrained(StudyConclusion found) =>
        found.Failures.Count > 0 ? $"nothing could be trained here, with or without clipping: {Failures(found)}"
        : found.TimeIsUp ? "the time ran out before the first fit had finished, so nothing could be trained"
        : "nothing was trained here: every fit was stopped early";

    private static string Failures(StudyConclusion found) => string.Join(", ", found.Failures.Select(failure => $"{failure.Count} {Failure(failure)}"));

    private static string Failure(FailureCount failure) => failure.Kind switch
    {
        FailureKind.NonFinite => "diverged",
        FailureKind.Timeout => "took too long",
        FailureKind.Metric => "had a metric that is not a number",
        FailureKind.ProcessLost => "lost their process",
        _ => $"threw ({failure.Example.TrimEnd('.')})",
    };

    /// <summary>By how much the loss of the best setting is below that of the recommended one, where it is known.</summary>
    private static string Lead(CurvePoint recommended, CurvePoint best) =>
        double.IsFinite(recommended.Mean) && recommended.Mean > best.Mean && best.Mean != 0 ? $", by {Share((recommended.Mean - best.Mean) / Math.Abs(best.Mean))}" : "";

    private static double Bar(StudyConclusion found) => Math.Max(Concluder.Tolerance, found.Noise?.Resolution ?? 0);

    private static string Share(double share) =>
        share.ToString(share switch { 0 or >= 0.1 => "0%", < 0.01 => "0.0#%", _ => "0.0%" }, CultureInfo.InvariantCulture);

    private static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
