namespace MlnetClip.Reports.TensorBoard;

/// <summary>A histogram of numbers of 0 or more with bins that grow by a tenth each.</summary>
internal sealed class LogHistogram
{
    private const double Growth = 1.1, Lowest = 1e-12;

    private readonly SortedDictionary<int, long> _bins = [];

    public long Count { get; private set; }

    public double Smallest { get; private set; } = double.PositiveInfinity;

    public double Largest { get; private set; }

    public double Sum { get; private set; }

    public double SumOfSquares { get; private set; }

    /// <summary>The bins by increasing upper limit; empty ones between others are there, as TensorBoard takes a bin's lower limit from the one before it.</summary>
    public IEnumerable<(double UpperLimit, long Count)> Buckets
    {
        get
        {
            int? last = null;
            foreach ((int bin, long count) in _bins)
            {
                if (last is null || bin > last + 1) yield return (Limit(bin - 1), 0);
                yield return (Limit(bin), count);
                last = bin;
            }
        }
    }

    /// <summary>Adds a number; one that is not finite does not count.</summary>
    public void Add(double value)
    {
        if (!double.IsFinite(value)) return;
        int bin = value <= Lowest ? 0 : (int)Math.Ceiling(Math.Log(value / Lowest) / Math.Log(Growth));
        _bins[bin] = _bins.GetValueOrDefault(bin) + 1;
        Count++;
        Smallest = Math.Min(Smallest, value);
        Largest = Math.Max(Largest, value);
        Sum += value;
        SumOfSquares += value * value;
    }

    private static double Limit(int bin) => bin < 0 ? 0 : Lowest * Math.Pow(Growth, bin);
}
