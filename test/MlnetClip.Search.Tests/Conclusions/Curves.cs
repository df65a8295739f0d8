namespace MlnetClip.Search.Tests.Conclusions;

/// <summary>Synthetic curves.</summary>
internal static class Curves
{
    /// <summary>The losses of five seeds about a mean, none of which moves it.</summary>
    public static double[] Around(double mean, double spread = 0.001) => [mean - spread, mean + spread, mean, mean - (2 * spread), mean + (2 * spread)];

    /// <summary>A point of a threshold, or without one of training without clipping.</summary>
    public static CurvePoint At(double? threshold, params double[] losses) => new(
        threshold is { } number ? new SearchPoint([new PointValue("norm", number)]) : SearchPoint.Empty,
        threshold is { } norm ? GradientClipping.ByGlobalNorm(norm) : GradientClipping.None,
        losses.Select((loss, seed) => (loss, seed)).Where(pair => double.IsFinite(pair.loss)).ToDictionary(pair => pair.seed, pair => pair.loss))
    {
        Threshold = threshold ?? double.PositiveInfinity,
        Failures = [.. losses.Where(loss => !double.IsFinite(loss)).Select(_ => new TrialFailure(FailureKind.NonFinite, "It diverged."))],
        DivergedSeeds = [.. losses.Index().Where(loss => !double.IsFinite(loss.Item)).Select(loss => loss.Index)],
    };

    /// <summary>The same point with its divergences turned into failures of another kind.</summary>
    public static CurvePoint Failed(this CurvePoint point, FailureKind kind = FailureKind.Timeout, string message = "It took longer than 2 seconds.") =>
        point with { Failures = [.. point.Failures.Select(_ => new TrialFailure(kind, message))], DivergedSeeds = [] };

    /// <summary>A curve of five seeds at each of the thresholds, and without clipping.</summary>
    public static CurvePoint[] Of(double[] thresholds, Func<double, double> loss, double none, double spread = 0.001) =>
    [
        .. thresholds.Select(threshold => At(threshold, Around(loss(threshold), spread)) with { AboveNone = (loss(threshold) - none) / none }),
        At(null, Around(none, spread)) with { AboveNone = 0 },
    ];
}
