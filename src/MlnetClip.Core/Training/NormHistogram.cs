namespace MlnetClip;

/// <summary>How often the norm of the whole gradient before clipping was how large, over the finite steps of a fit.</summary>
/// <param name="Edges">The edges of the bins, increasing by a constant factor; one more than there are bins. Bin i has the norms from edge i up to edge i + 1.</param>
/// <param name="Counts">The number of norms in each bin.</param>
/// <param name="Zeros">The number of norms that were 0, which are in no bin.</param>
public sealed record NormHistogram(IReadOnlyList<double> Edges, IReadOnlyList<long> Counts, long Zeros)
{
    /// <summary>Two histograms are equal when their edges and counts are.</summary>
    public bool Equals(NormHistogram? other) => other is not null && Zeros == other.Zeros && Edges.SequenceEqual(other.Edges) && Counts.SequenceEqual(other.Counts);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Counts.Count, Zeros, Counts.Sum());

    /// <summary>The number of norms and their range.</summary>
    public override string ToString() => Edges.Count == 0
        ? $"{Zeros} norms of 0"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Counts.Sum() + Zeros} norms from {Edges[0]:G3} to {Edges[^1]:G3} in {Counts.Count} bins");
}
