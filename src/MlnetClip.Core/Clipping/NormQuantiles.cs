using MlnetClip.Checkpoints;
using MlnetClip.Kernels;

namespace MlnetClip.Clipping;

/// <summary>
/// Quantiles of a stream of norms in bounded memory: exact over the first 65,536; from then on a histogram with
/// buckets 0.7% wide, so that every quantile is within 0.35% of the exact one, whatever the order of the norms.
/// </summary>
internal sealed class NormQuantiles
{
    /// <summary>The number of norms up to which quantiles are exact.</summary>
    public const int ExactLimit = 65_536;

    private const int PerOctave = 100;
    private const int Octaves = 256; // 2^-256 to 2^256: the norm of any float vector is well within this range

    private readonly double[] _norms = new double[ExactLimit];
    private double[] _sorted = []; // the first _sortedCount norms, sorted
    private int _sortedCount;
    private long[]? _buckets;

    /// <summary>Number of norms.</summary>
    public long Count { get; private set; }

    /// <summary>Sum of the norms.</summary>
    public double Sum { get; private set; }

    /// <summary>The largest norm; 0 when there is none.</summary>
    public double Largest { get; private set; }

    /// <summary>True while quantiles are exact.</summary>
    public bool IsExact => _buckets is null;

    /// <summary>Removes all norms.</summary>
    public void Clear()
    {
        (Count, Sum, Largest, _sortedCount) = (0, 0, 0, 0);
        _buckets = null;
    }

    /// <summary>Adds a finite norm.</summary>
    public void Add(double norm)
    {
        if (Count < ExactLimit) _norms[Count] = norm;
        else
        {
            if (_buckets is null)
            {
                _buckets = new long[2 * Octaves * PerOctave + 1];
                foreach (double earlier in _norms) _buckets[Bucket(earlier)]++;
            }

            _buckets[Bucket(norm)]++;
        }

        Count++;
        Sum += norm;
        Largest = Math.Max(Largest, norm);
    }

    /// <summary>The norms' quantiles, with linear interpolation while exact; NaN when there are no norms.</summary>
    /// <param name="shares">The quantile levels, each from 0 to 1, increasing.</param>
    public double[] At(params ReadOnlySpan<double> shares)
    {
        var result = new double[shares.Length];
        if (Count == 0) Array.Fill(result, double.NaN);
        else if (_buckets is null) Exact(shares, result);
        else FromBuckets(_buckets, shares, result);
        return result;
    }

    /// <summary>A histogram with bins of equal width on a logarithmic axis. Beyond <see cref="ExactLimit"/> norms, a norm may be counted in the bin beside its own if it is within 0.35% of the edge.</summary>
    /// <param name="bins">The number of bins, 1 or more.</param>
    public NormHistogram Histogram(int bins)
    {
        double smallest = double.PositiveInfinity, largest = 0;
        Visit((norm, _) => (smallest, largest) = (Math.Min(smallest, norm), Math.Max(largest, norm)));
        var counts = new long[bins];
        long positive = 0;
        double lowest = Math.Log(smallest), width = (Math.Log(largest) - lowest) / bins;
        Visit((norm, count) =>
        {
            counts[width > 0 ? Math.Clamp((int)((Math.Log(norm) - lowest) / width), 0, bins - 1) : 0] += count;
            positive += count;
        });
        if (positive == 0) return new NormHistogram([], [], Count);
        double[] edges = width > 0 ? [.. Enumerable.Range(0, bins + 1).Select(i => Math.Exp(lowest + (i * width)))] : [smallest, smallest];
        return new NormHistogram(edges, width > 0 ? counts : counts[..1], Count - positive);
    }

    /// <summary>Calls with each norm above 0 and how often it occurred; beyond <see cref="ExactLimit"/> norms, with the middle of each bucket.</summary>
    private void Visit(Action<double, long> visit)
    {
        for (int i = 0; _buckets is null && i < Count; i++)
            if (_norms[i] > 0) visit(_norms[i], 1);
        for (int bucket = 1; bucket < (_buckets?.Length ?? 0); bucket++)
            if (_buckets![bucket] > 0) visit(Math.Min(Largest, Math.Pow(2, (bucket - 0.5) / PerOctave - Octaves)), _buckets[bucket]);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        writer.Write(Sum);
        writer.Write(Largest);
        if (_buckets is null)
        {
            for (int i = 0; i < Count; i++) writer.Write(_norms[i]);
            return;
        }

        writer.Write(_buckets.Count(b => b > 0));
        for (int i = 0; i < _buckets.Length; i++)
        {
            if (_buckets[i] == 0) continue;
            writer.Write(i);
            writer.Write(_buckets[i]);
        }
    }

    public void Read(BinaryReader reader)
    {
        Count = reader.ReadInt64("the number of norms");
        Sum = reader.ReadFinite("the sum of the norms", 0);
        Largest = reader.ReadFinite("the largest norm", 0);
        _buckets = null;
        _sortedCount = 0;
        if (Count <= ExactLimit)
        {
            reader.CheckLeft("the number of norms", Count, sizeof(double));
            for (int i = 0; i < Count; i++) _norms[i] = reader.ReadFinite("a norm", 0, Largest);
            return;
        }

        _buckets = new long[2 * Octaves * PerOctave + 1];
        long rest = Count;
        int last = -1;
        for (int left = reader.ReadCount("the number of buckets of norms", sizeof(int) + sizeof(long), _buckets.Length); left > 0; left--)
        {
            last = reader.ReadInt32("a bucket of norms", last + 1, _buckets.Length - 1);
            rest -= _buckets[last] = reader.ReadInt64("the norms of a bucket", 1, rest);
        }

        if (rest != 0) throw FieldReader.Wrong("the number of norms", "must be that of all buckets", $"{rest} more");
    }

    private void Exact(ReadOnlySpan<double> shares, double[] result)
    {
        SortNew((int)Count);
        for (int i = 0; i < shares.Length; i++) result[i] = SortedQuantile.Of(_sorted.AsSpan(0, (int)Count), shares[i]);
    }

    /// <summary>Sorts the norms that were added since the last call and merges them with the others, so that asking after every epoch costs a pass and no sort of all.</summary>
    private void SortNew(int count)
    {
        if (_sorted.Length < count) Array.Resize(ref _sorted, (int)Math.Min(ExactLimit, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count)));
        double[] added = _norms[_sortedCount..count];
        Array.Sort(added);
        for (int old = _sortedCount - 1, next = added.Length - 1, at = count - 1; next >= 0; at--)
            _sorted[at] = old >= 0 && _sorted[old] > added[next] ? _sorted[old--] : added[next--];
        _sortedCount = count;
    }

    private void FromBuckets(long[] buckets, ReadOnlySpan<double> shares, double[] result)
    {
        long seen = 0;
        int bucket = -1;
        for (int i = 0; i < shares.Length; i++)
        {
            long rank = (long)(shares[i] * (Count - 1)) + 1;
            while (seen < rank) seen += buckets[++bucket];
            result[i] = bucket == 0 ? 0 : Math.Min(Largest, Math.Pow(2, (bucket - 0.5) / PerOctave - Octaves));
        }
    }

    /// <summary>0 for a norm of 0; bucket k holds the norms from 2^((k-1)/100 - 256) up to 2^(k/100 - 256).</summary>
    private static int Bucket(double norm) =>
        norm == 0 ? 0 : Math.Clamp((int)Math.Floor((Math.Log2(norm) + Octaves) * PerOctave) + 1, 1, 2 * Octaves * PerOctave);
}
