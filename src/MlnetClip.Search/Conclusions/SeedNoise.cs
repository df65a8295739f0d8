namespace MlnetClip;

/// <summary>
/// How noisy fits are: what is left of their losses when the mean of each setting and the mean of each seed are taken out (the residual
/// of a two-way layout without repetition), over the settings that were tried with every seed. Training without clipping counts only
/// where there are not two others: that it is less steady is a finding, not noise.
/// </summary>
/// <param name="OfOneFit">Standard deviation of one fit's loss, as a share of the mean loss.</param>
/// <param name="Seeds">Seeds that each of the settings was tried with.</param>
/// <param name="Settings">Settings that were compared, 2 or more.</param>
public sealed record SeedNoise(double OfOneFit, int Seeds, int Settings)
{
    // Student's t at 95%, one-sided, for 1 to 4 degrees of freedom: a deviation estimated from so few fits is itself uncertain.
    private static readonly double[] FewFits = [6.31, 2.92, 2.35, 2.13];

    /// <summary>
    /// The difference between the means of two settings, as a share of the loss, below which it is as likely luck: twice its standard
    /// error, and more where fewer than five degrees of freedom estimate it (6.3 times with two settings and two seeds).
    /// </summary>
    public double Resolution => Errors * OfOneFit * Math.Sqrt(2.0 / Seeds);

    private double Errors => (Settings - 1) * (Seeds - 1) is var freedom && freedom <= FewFits.Length ? FewFits[freedom - 1] : 2;

    /// <summary>The noise of a curve; null with fewer than two settings that have the same two seeds or more, and where their mean is 0.</summary>
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
