namespace MlnetClip;

/// <summary>
/// The noise of fits: the residual of their losses after subtracting the mean of each setting and the mean of each seed (a two-way layout
/// without replication), over the settings that were tried with every seed. Training without clipping is included only
/// if there are not two others: that it is less stable is a finding, not noise.
/// </summary>
/// <param name="OfOneFit">Standard deviation of one fit's loss, as a share of the mean loss.</param>
/// <param name="Seeds">The number of seeds that each setting was tried with.</param>
/// <param name="Settings">The number of settings that were compared, 2 or more.</param>
public sealed record SeedNoise(double OfOneFit, int Seeds, int Settings)
{
    // Student's t at 95%, one-sided, for 1 to 4 degrees of freedom: a deviation estimated from so few fits is itself uncertain.
    private static readonly double[] FewFits = [6.31, 2.92, 2.35, 2.13];

    /// <summary>
    /// The difference between the means of two settings, as a share of the loss, below which it may be chance: twice its standard
    /// error, or more with fewer than five degrees of freedom (6.3 times with two settings and two seeds).
    /// </summary>
    public double Resolution => Errors * OfOneFit * Math.Sqrt(2.0 / Seeds);

    private double Errors => (Settings - 1) * (Seeds - 1) is var freedom && freedom <= FewFits.Length ? FewFits[freedom - 1] : 2;

    /// <summary>Computes the noise of a curve; null with fewer than two settings that share at least two seeds, and when their mean is 0.</summary>
    public static SeedNoise? Of(IReadOnlyList<CurvePoint> curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        CurvePoint[] whole = [.. curve.Where(point => double.IsFinite(point.Mean))];
        int seeds = whole.Select(point => point.Losses.Count).DefaultIfEmpty(0).Max();
        whole = [.. whole.Where(point => point.Losses.Count == seeds)];
        if (whole.Count(point => !point.IsNone) >= 2) whole = [.. whole.Where(point => !point.IsNone)];
        int[] names = [.. whole.SelectMany(point => point.Losses.Keys).Distinct()];
        if (whole.Length < 2 || seeds < 2 || names.Length != seeds) return null;
        double mean = whole.Average(point => point.Mean);
        if (mean == 0) return null;
        double squares = 0;
        foreach (int seed in names)
        {
            double ofSeed = whole.Average(point => point.Losses[seed]);
            squares += whole.Sum(point => Math.Pow(point.Losses[seed] - point.Mean - ofSeed + mean, 2));
        }

        return new SeedNoise(Math.Sqrt(squares / ((whole.Length - 1) * (seeds - 1))) / Math.Abs(mean), seeds, whole.Length);
    }
}
