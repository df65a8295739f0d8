using MlnetClip.Data;

namespace MlnetClip.Search.Samplers;

/// <summary>
/// A density over 0 to 1: a Gaussian of equal weight at each observation and a broad one as the prior, each truncated
/// at the ends. The width of a Gaussian is the distance to its farther neighbor, within limits that become narrower with more observations.
/// </summary>
internal sealed class ParzenEstimator
{
    private readonly double[] _centres;
    private readonly double[] _widths;
    private readonly double[] _masses;

    public ParzenEstimator(double[] observations)
    {
        const double PriorCentre = 0.5, PriorWidth = 1.0;
        double[] sorted = [.. observations.Append(PriorCentre).Order()];
        int prior = Array.BinarySearch(sorted, PriorCentre);
        double narrowest = 1.0 / Math.Min(100, 1 + sorted.Length);
        _centres = sorted;
        _widths = new double[sorted.Length];
        _masses = new double[sorted.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            double left = sorted[i] - (i == 0 ? 0 : sorted[i - 1]);
            double right = (i == sorted.Length - 1 ? 1 : sorted[i + 1]) - sorted[i];
            _widths[i] = i == prior ? PriorWidth : Math.Clamp(Math.Max(left, right), narrowest, 1);
            _masses[i] = Cumulative((1 - sorted[i]) / _widths[i]) - Cumulative(-sorted[i] / _widths[i]);
        }
    }

    public double Draw(SeededRandom random)
    {
        int bell = random.NextInt32(_centres.Length);
        while (true)
        {
            double value = _centres[bell] + (_widths[bell] * Normal(random));
            if (value is >= 0 and <= 1) return value;
        }
    }

    public double Density(double at)
    {
        double sum = 0;
        for (int i = 0; i < _centres.Length; i++)
        {
            double z = (at - _centres[i]) / _widths[i];
            sum += Math.Exp(-0.5 * z * z) / (_widths[i] * _masses[i]);
        }

        return sum / (_centres.Length * Math.Sqrt(2 * Math.PI));
    }

    /// <summary>The standard normal distribution function, to 1e-7 (Abramowitz and Stegun, 7.1.26).</summary>
    internal static double Cumulative(double z)
    {
        double x = Math.Abs(z) / Math.Sqrt(2);
        double t = 1 / (1 + (0.3275911 * x));
        double series = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429))))))));
        double error = 1 - (series * Math.Exp(-x * x));
        return z >= 0 ? (1 + error) / 2 : (1 - error) / 2;
    }

    /// <summary>A standard normal number (Box and Muller, 1958).</summary>
    private static double Normal(SeededRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
