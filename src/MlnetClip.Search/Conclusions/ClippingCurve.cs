using MlnetClip.Search.Planning;

namespace MlnetClip.Search.Conclusions;

/// <summary>Groups the trials of a study into a curve.</summary>
public static class ClippingCurve
{
    /// <summary>The points that were tried, sorted by increasing threshold; training without clipping is last.</summary>
    public static IReadOnlyList<CurvePoint> Of(IReadOnlyList<Trial> trials, ClippingSpace space)
    {
        ArgumentNullException.ThrowIfNull(trials);
        ArgumentNullException.ThrowIfNull(space);
        Trial? unclipped = trials.FirstOrDefault(trial => trial.Stage == TrialStage.Calibrate);
        return
        [
            .. trials
                .Where(trial => trial.State is TrialState.Complete or TrialState.Failed or TrialState.Pruned)
                .GroupBy(trial => trial.Point)
                .Select(group => Point([.. group], unclipped, space))
                .OrderBy(point => point.IsNone).ThenBy(point => point.Threshold ?? 0).ThenBy(point => space.RuleAt(point.Point)).ThenBy(point => space.ThresholdAt(point.Point))
                .ThenBy(point => $"{point.Point}", StringComparer.Ordinal),
        ];
    }

    private static CurvePoint Point(Trial[] trials, Trial? unclipped, ClippingSpace space)
    {
        var point = trials[0].Point;
        Trial[] complete = [.. trials.Where(trial => trial.State == TrialState.Complete).DistinctBy(trial => trial.Seed)];
        return new CurvePoint(point, space.ClippingAt(point), complete.ToDictionary(trial => trial.Seed, trial => trial.Value!.Value))
        {
            Threshold = point.Values.Count == 0 ? double.PositiveInfinity : space.IsLine ? space.ThresholdAt(point) : null,
            Failures = [.. trials.Select(trial => trial.Failure).OfType<TrialFailure>()],
            DivergedSeeds = [.. trials.Where(trial => trial.Diverged).Select(trial => trial.Seed).Distinct()],
            ShareClipped = complete.Length == 0 ? double.NaN : complete.Average(trial => trial.Measure(TrialMeasures.ShareClipped) ?? double.NaN),
            AboveNone = Above(trials[0], unclipped),
        };
    }

    private static double Above(Trial trial, Trial? unclipped)
    {
        if (trial.Value is not { } value || unclipped is null) return double.NaN;
        double? other = trial.State == TrialState.Complete
            ? unclipped.Value
            : unclipped.Reports.Where(report => report.Step == trial.Reports[^1].Step).Select(report => (double?)report.Value).FirstOrDefault();
        return other is { } loss ? (value - loss) / Math.Abs(loss) : double.NaN;
    }
}
