namespace MlnetClip.Search.Conclusions;

/// <summary>
/// Draws a conclusion from a curve. A verdict needs evidence: a clipped setting that was trained to the end with as many
/// seeds as training without clipping, and with at least two. It recommends the middle of the plateau around the best setting rather than the best
/// setting itself, which is partly luck.
/// </summary>
public static class Concluder
{
    /// <summary>Means within this share of the best count as equally good.</summary>
    public const double Tolerance = 0.005;

    /// <summary>A resolution (<see cref="SeedNoise.Resolution"/>) above this share of the loss hides differences that matter.</summary>
    public const double Noisy = 0.02;

    private const int FewestSeeds = 2;

    // With one seed, a loss counts as worse when it is above that without clipping by at least this share.
    private const double Worse = 0.05;

    /// <summary>Draws the conclusion.</summary>
    /// <param name="curve">The points, sorted by increasing threshold; training without clipping is last.</param>
    /// <param name="vanishing">Whether a vanishing gradient was detected.</param>
    /// <param name="timeIsUp">Whether the time ran out before the study was finished.</param>
    public static StudyConclusion Conclude(IReadOnlyList<CurvePoint> curve, bool vanishing = false, bool timeIsUp = false)
    {
        ArgumentNullException.ThrowIfNull(curve);
        CurvePoint[] clipped = [.. curve.Where(point => !point.IsNone)];
        CurvePoint? none = curve.FirstOrDefault(point => point.IsNone), best = BestSoFar(curve);
        if (best is null)
        {
            return new StudyConclusion
            {
                Verdict = StudyVerdict.NothingTrained, Unclipped = none, TimeIsUp = timeIsUp, Failures = FailureCount.Of(curve.SelectMany(point => point.Failures)),
            };
        }

        CurvePoint[] qualified = none is not { Seeds: > 0 }
            ? []
            : [.. clipped.Where(point => !point.Failed && point.Seeds >= Math.Max(FewestSeeds, none.Seeds))];
        bool unclippedTooFew = none is { Diverged: false, Losses.Count: < FewestSeeds };
        if (qualified.Length == 0 || unclippedTooFew || (none!.Diverged && qualified.All(point => point.Diverged)))
            return CannotTell(clipped, none, best, curve, timeIsUp);
        return Compare(curve, clipped, qualified, none, vanishing) with { TimeIsUp = timeIsUp };
    }

    private static StudyConclusion CannotTell(CurvePoint[] clipped, CurvePoint? none, CurvePoint best, IReadOnlyList<CurvePoint> curve, bool timeIsUp)
    {
        TrialFailure[] clippedFailures = [.. clipped.SelectMany(point => point.Failures)];
        int seeds = Math.Min(none?.Seeds ?? 0, clipped.Select(point => point.Seeds).DefaultIfEmpty(0).Max());
        bool anyClipped = clipped.Any(point => double.IsFinite(point.Mean));
        var (reason, failures) = (none, anyClipped) switch
        {
            ({ Diverged: false, Failed: true, Losses.Count: < FewestSeeds }, _) => (CannotTellReason.UnclippedFailed, none.Failures),
            (null or { Seeds: 0 }, _) => (timeIsUp ? CannotTellReason.TimeIsUp : CannotTellReason.Stopped, []),
            (_, false) when clippedFailures.Length > 0 => (CannotTellReason.ClippedFailed, clippedFailures),
            (_, _) when timeIsUp => (CannotTellReason.TimeIsUp, []),
            (_, false) when clipped.Length > 0 && clipped.All(point => point.Losses.Count == 0) => (CannotTellReason.Stopped, []),
            (_, false) when clipped.Any(point => point.Diverged) =>
                (CannotTellReason.ClippedFailed, [.. clipped.SelectMany(point => point.DivergedSeeds).Select(_ => new TrialFailure(FailureKind.NonFinite, "Training diverged."))]),
            _ => (CannotTellReason.TooFewSeeds, (IReadOnlyList<TrialFailure>)[]),
        };
        return new StudyConclusion
        {
            Verdict = StudyVerdict.CannotTell, Reason = reason, Best = best, Unclipped = none, Seeds = seeds, TimeIsUp = timeIsUp,
            Failures = FailureCount.Of(failures), Noise = SeedNoise.Of(curve),
        };
    }

    private static StudyConclusion Compare(IReadOnlyList<CurvePoint> curve, CurvePoint[] clipped, CurvePoint[] qualified, CurvePoint none, bool vanishing)
    {
        int seeds = qualified.Where(point => !point.Diverged).Select(point => point.Seeds).DefaultIfEmpty(0).Max();
        CurvePoint[] finalists = [.. qualified.Where(point => !point.Diverged && point.Seeds == seeds)];
        if (finalists.Length == 0)
        {
            return new StudyConclusion
            {
                Verdict = StudyVerdict.OnlyHurts, Unclipped = none, Clipped = qualified[0], Seeds = none.Seeds, Best = none, Plateau = [none],
                Recommended = none, Basis = RecommendationBasis.LowestLoss,
            };
        }

        CurvePoint ahead = finalists.MinBy(point => point.Mean)!;
        if (none.Diverged)
        {
            CurvePoint[] plateau = PlateauAround(ahead, clipped, seeds);
            return Recommend(MiddleOf(plateau, ahead), ahead, plateau) with
            {
                Verdict = StudyVerdict.Needed, Unclipped = none, Clipped = ahead, Seeds = none.Seeds, DivergesFrom = DivergesFrom(curve, plateau), Noise = SeedNoise.Of(finalists),
            };
        }

        int[] common = [.. ahead.Losses.Keys.Where(none.Losses.ContainsKey)];
        double withClipping = common.Average(seed => ahead.Losses[seed]), without = common.Average(seed => none.Losses[seed]);
        double above = withClipping == 0 ? without : (without - withClipping) / Math.Abs(withClipping);
        SeedNoise? noise = Larger(SeedNoise.Of([.. finalists, none]), SeedNoise.Of([Only(ahead, common), Only(none, common)]));
        double bar = Math.Max(Tolerance, noise?.Resolution ?? 0);
        bool noneIsBest = above < 0 && !none.Failed, noneWillDo = above <= Tolerance && !none.Failed;
        CurvePoint best = noneIsBest ? none : ahead;
        CurvePoint[] equals = PlateauAround(best, clipped, seeds);
        StudyVerdict verdict =
            above > bar ? equals.Length == 1 && IsSmallest(ahead, clipped) ? StudyVerdict.SmallestIsBest : StudyVerdict.Helps
            : above < -bar || (noneWillDo && SmallOnesHurt(clipped, noise)) ? StudyVerdict.OnlyHurts
            : vanishing ? StudyVerdict.Vanishing
            : StudyVerdict.NoDifference;
        bool recommendNone = noneWillDo && verdict is StudyVerdict.NoDifference or StudyVerdict.Vanishing or StudyVerdict.OnlyHurts;
        return Recommend(recommendNone ? none : MiddleOf(equals, best), best, equals) with
        {
            Verdict = verdict, Unclipped = none, Clipped = ahead, Seeds = common.Length, UnclippedAbove = above, Noise = noise,
        };
    }

    /// <summary>The setting with the lowest mean loss among those with the most seeds. Settings that failed or diverged with a seed are considered only if there are no others.</summary>
    private static CurvePoint? BestSoFar(IReadOnlyList<CurvePoint> curve) => curve
        .Where(point => point.Losses.Count > 0)
        .OrderBy(point => point.Diverged).ThenBy(point => point.Failed).ThenByDescending(point => point.Losses.Count).ThenBy(point => point.Losses.Values.Average())
        .FirstOrDefault();

    private static StudyConclusion Recommend(CurvePoint point, CurvePoint best, CurvePoint[] plateau) => new()
    {
        Verdict = StudyVerdict.NoDifference, Recommended = point, Best = best, Plateau = plateau,
        Basis = point == best ? RecommendationBasis.LowestLoss : point.IsNone ? RecommendationBasis.NoClippingDoesAsWell : RecommendationBasis.MiddleOfPlateau,
    };

    /// <summary>
    /// The neighbors of the best point, on both sides and without a gap, that do as well. Points tried with fewer seeds are
    /// ignored, unless they diverged: a plateau ends there.
    /// </summary>
    private static CurvePoint[] PlateauAround(CurvePoint best, CurvePoint[] clipped, int seeds)
    {
        if (best.Threshold is null || best.IsNone) return [best];
        CurvePoint[] line = [.. clipped.Where(point => (point.Losses.Count == seeds && !point.Failed) || point.Diverged)];
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

    /// <summary>Whether a setting has the smallest of three thresholds or more. Thresholds of several rules have no order.</summary>
    private static bool IsSmallest(CurvePoint point, CurvePoint[] clipped) =>
        clipped.Length > 2 && clipped.All(other => other.Threshold is not null) && point == clipped[0];

    /// <summary>Whether the smallest third of the thresholds all do worse than no clipping, by more than single fits differ.</summary>
    private static bool SmallOnesHurt(CurvePoint[] clipped, SeedNoise? noise)
    {
        double worse = Math.Max(Worse, noise is null ? 0 : noise.Resolution * Math.Sqrt(noise.Seeds));
        return clipped.All(point => point.Threshold is not null)
            && clipped.Take((clipped.Length + 2) / 3).All(point => point.Diverged || point.AboveNone > worse);
    }

    /// <summary>The smallest threshold above the plateau from which every setting tried diverged; infinity when only training without clipping did.</summary>
    private static double DivergesFrom(IReadOnlyList<CurvePoint> curve, CurvePoint[] plateau)
    {
        double from = double.PositiveInfinity;
        for (int i = curve.Count - 1; i >= 0 && curve[i].Threshold > plateau[^1].Threshold; i--)
        {
            if (curve[i].Diverged) from = curve[i].Threshold!.Value;
            else if (double.IsFinite(curve[i].Mean)) break;
        }

        return from;
    }

    /// <summary>The larger of two estimates of the noise: that of all finalists, and that of the two settings compared, one of which may be less stable.</summary>
    private static SeedNoise? Larger(SeedNoise? finalists, SeedNoise? pair) =>
        finalists is null || pair?.Resolution > finalists.Resolution ? pair : finalists;

    /// <summary>A point restricted to the losses of some seeds.</summary>
    private static CurvePoint Only(CurvePoint point, int[] seeds) =>
        point with { Losses = seeds.ToDictionary(seed => seed, seed => point.Losses[seed]), Failures = [] };

    private static bool IsEqual(CurvePoint point, CurvePoint best) => point.Mean <= best.Mean + (Tolerance * Math.Abs(best.Mean));
}
