namespace MlnetClip.Data;

/// <summary>Mean and spread of values that come one at a time, or in groups that are joined (Welford 1962; Chan, Golub and LeVeque 1979).</summary>
/// <remarks>Numerically stable: no digits are lost for values far from 0.</remarks>
/// <param name="Count">Number of values.</param>
/// <param name="Mean">Their mean; 0 without values.</param>
/// <param name="Squares">The sum of their squared distances from the mean.</param>
internal readonly record struct Moments(long Count, double Mean, double Squares)
{
    /// <summary>These values and one more.</summary>
    public Moments Add(double value)
    {
        long count = Count + 1;
        double distance = value - Mean, mean = Mean + (distance / count);
        return new(count, mean, Squares + (distance * (value - mean)));
    }

    /// <summary>These values and others.</summary>
    public Moments Join(Moments other)
    {
        if (Count == 0) return other;
        if (other.Count == 0) return this;
        long count = Count + other.Count;
        double distance = other.Mean - Mean, share = (double)other.Count / count;
        return new(count, Mean + (distance * share), Squares + other.Squares + (distance * distance * share * Count));
    }

    /// <summary>The sum of the values' squared distances from a point.</summary>
    public double SquaresFrom(double point) => Squares + (Count * (Mean - point) * (Mean - point));
}
