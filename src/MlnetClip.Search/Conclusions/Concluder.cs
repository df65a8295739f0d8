using System.Globalization;

namespace MlnetClip.Search.Conclusions;

/// <summary>
/// Concludes from a curve. It compares the points that were tried with the most seeds, by their mean over the same seeds, and
/// recommends the middle of the plateau around the best rather than the best itself, which is partly luck.
/// </summary>
public static class Concluder
{
    /// <summary>Means within this part of the best count as equally good.</summary>
    public const double Tolerance = 0.005;

    /// <summary>A resolution (<see cref="SeedNoise.Resolution"/>) above this part of the loss hides differences that matter.</summary>
    public const double Noisy = 0.02;

    // A loss above the best by this part of it counts as diverged.
    private const double Diverged = 1;

    // A loss above that without clipping by this part of it counts as worse, with one seed.
    private const double Worse = 0.05;

    /// <summary>Concludes.</summary>
    /// <param name="curve">The points, by increasing threshold, training without clipping last.</param>
    /// <param name="vanishing">Whether the gradient was seen to vanish.</param>
    public static Conclusion Conclude(IReadOnlyList<CurvePoint> curve, bool vanishing = false)
    {
        ArgumentNullException.ThrowIfNull(curve);
        int seeds = curve.Where(point => double.IsFinite(point.Mean)).Select(point => point.Losses.Count).DefaultIfEmpty(0).Max();
        if (seeds == 0) return new Conclusion(Verdict.NothingTrained, "nothing could be trained here, with or without clipping", null, null, []);
        CurvePoint[] finalists = [.. curve.Where(point => double.IsFinite(point.Mean) && point.Losses.Count == seeds)];
        CurvePoint best = finalists.MinBy(point => point.Mean)!;
        CurvePoint? none = curve.FirstOrDefault(point => point.IsNone);
        CurvePoint[] plateau = PlateauAround(best, curve, seeds);
        (Verdict verdict, string text) = Judge(curve, best, plateau, none, vanishing);
        bool noneWillDo = none is not null && IsEqual(none, best) && verdict is Verdict.NoDifference or Verdict.Vanishing or Verdict.OnlyHurts;
        return new Conclusion(verdict, text, noneWillDo ? none : MiddleOf(plateau, best), best, plateau);
    }

    private static (Verdict Verdict, string Text) Judge(
        IReadOnlyList<CurvePoint> curve, CurvePoint best, CurvePoint[] plateau, CurvePoint? none, bool vanishing)
    {
        CurvePoint[] clipped = [.. curve.Where(point => !point.IsNone)];
        string does = Describe(plateau);
        if (none is { Failures: > 0, Diverged: 0 } && Differences(none, best).Length == 0)
            return (Verdict.NotCompared, $"training without clipping failed, though it did not diverge, and cannot be compared; {does}");
        if (none is not null && !IsWorse(none, best))
        {
            bool equal = IsEqual(none, best);
            if (equal && SmallOnesHurt(clipped)) return (Verdict.OnlyHurts, "clipping only hurts here: the smaller the threshold, the worse");
            string noise = equal ? "" : $" that stands out from the noise between seeds; {best.Clipping} did best";
            return vanishing
                ? (Verdict.Vanishing, $"these gradients vanish over the time steps, and clipping makes no difference{noise}")
                : (Verdict.NoDifference, $"clipping makes no difference here{noise}");
        }

        if (none is not null && IsLost(none, best))
        {
            double from = LostFrom(curve, plateau, best);
            string where = double.IsFinite(from) ? string.Create(CultureInfo.InvariantCulture, $"at {from:R} and above") : "without it";
            return (Verdict.Needed, $"clipping is needed here: {where} training diverges; {does}");
        }

        return clipped.Length > 2 && best == clipped[0]
            ? (Verdict.SmallerIsBetter, $"clipping helps: the smaller the threshold the better, down to the smallest tried; {does}")
            : (Verdict.Helps, $"clipping helps: {does}");
    }

    /// <summary>
    /// The neighbours of the best, on both sides and without a gap, that do as well. Points tried with fewer seeds say too
    /// little to count, unless they diverged: a plateau does not reach across that.
    /// </summary>
    private static CurvePoint[] PlateauAround(CurvePoint best, IReadOnlyList<CurvePoint> curve, int seeds)
    {
        if (best.Threshold is null || best.IsNone) return [best];
        CurvePoint[] line = [.. curve.Where(point => !point.IsNone && (point.Losses.Count == seeds || point.Diverged > 0))];
        int from = Array.IndexOf(line, best), to = from;
        while (from > 0 && IsEqual(line[from - 1], best)) from--;
        while (to < line.Length - 1 && IsEqual(line[to + 1], best)) to++;
        return line[from..(to + 1)];
    }

    /// <summary>The point of the plateau nearest to its middle on the logarithmic scale.</summary>
    private static CurvePoint MiddleOf(CurvePoint[] plateau, CurvePoint best)
    {
        if (plateau.Length == 1) return best;
        double middle = (Math.Log(plateau[0].Threshold!.Value) + Math.Log(plateau[^1].Threshold!.Value)) / 2;
        return plateau.MinBy(point => (Math.Abs(Math.Log(point.Threshold!.Value) - middle), point.Mean))!;
    }

    /// <summary>
    /// Whether training without clipping is worse than the best: by more than the tolerance, and either with every one of four seeds
    /// or more, or by twice the standard error of the difference over the seeds that both have. With one seed the tolerance decides.
    /// </summary>
    private static bool IsWorse(CurvePoint none, CurvePoint best)
    {
        if (best.IsNone) return false;
        if (none.Diverged > 0) return true;
        double[] differences = Differences(none, best);
        double mean = differences.Length == 0 ? none.Mean - best.Mean : differences.Average();
        if (mean <= Tolerance * Math.Abs(best.Mean)) return false;
        if (differences.Length < 2 || (differences.Length >= 4 && differences.All(difference => difference > 0))) return true;
        double variance = differences.Sum(difference => (difference - mean) * (difference - mean)) / (differences.Length - 1);
        return mean > 2 * Math.Sqrt(variance / differences.Length);
    }

    /// <summary>Whether the smallest third of the thresholds all do worse than no clipping.</summary>
    private static bool SmallOnesHurt(CurvePoint[] clipped) =>
        clipped.Length > 0 && clipped[0].Threshold is not null
        && clipped.Take((clipped.Length + 2) / 3).All(point => point.Diverged > 0 || point.AboveNone > Worse);

    /// <summary>The least threshold above the plateau from which on all that is known diverged; infinity when only training without clipping did.</summary>
    private static double LostFrom(IReadOnlyList<CurvePoint> curve, CurvePoint[] plateau, CurvePoint best)
    {
        double from = double.PositiveInfinity;
        for (int i = curve.Count - 1; i >= 0 && curve[i].Threshold > plateau[^1].Threshold; i--)
        {
            if (IsLost(curve[i], best)) from = curve[i].Threshold!.Value;
            else if (double.IsFinite(curve[i].Mean)) break;
        }

        return from;
    }

    private static bool IsLost(CurvePoint point, CurvePoint best) =>
        point.Diverged > 0 || (double.IsFinite(point.Mean) && point.Mean - best.Mean > Diverged * Math.Abs(best.Mean));

    /// <summary>By how much a point is above the best, with each seed that both have.</summary>
    private static double[] Differences(CurvePoint point, CurvePoint best) =>
        [.. best.Losses.Keys.Where(point.Losses.ContainsKey).Select(seed => point.Losses[seed] - best.Losses[seed])];

    private static bool IsEqual(CurvePoint point, CurvePoint best) => point.Mean <= best.Mean + (Tolerance * Math.Abs(best.Mean));

    private static string Describe(CurvePoint[] plateau) => plateau.Length == 1
        ? $"{plateau[0].Clipping} does best"
        : $"from {plateau[0].Clipping} to {plateau[^1].Clipping} it does equally well";
}
