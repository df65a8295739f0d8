namespace MlnetClip;

/// <summary>How far back through time a gradient reaches. Whether a gradient vanishes is decided here only.</summary>
/// <param name="Reached">Time steps from the end of the sequence up to the earliest that contributes 1/1000 of the largest contribution or more.</param>
/// <param name="TimeSteps">T: time steps of the sequence.</param>
public sealed record TimeStepReach(int Reached, int TimeSteps)
{
    /// <summary>A time step is reached when it contributes at least this share of the largest contribution.</summary>
    public const double SmallestShare = 1e-3;

    /// <summary>Whether the gradient vanishes: it reaches fewer than half of the time steps.</summary>
    public bool IsVanishing => Reached * 2 < TimeSteps;

    /// <summary>Computes the reach of a gradient.</summary>
    /// <param name="norms">The norm of what each time step contributes, from the first to the last, as in <see cref="ClippingSummary.TimeStepNorms"/>.</param>
    /// <returns>The reach; null where nothing was measured or every contribution is zero.</returns>
    public static TimeStepReach? Of(IReadOnlyList<double> norms)
    {
        ArgumentNullException.ThrowIfNull(norms);
        double largest = norms.Count == 0 ? 0 : norms.Max();
        if (!(largest > 0)) return null;
        int first = 0;
        while (norms[first] < SmallestShare * largest) first++;
        return new TimeStepReach(norms.Count - first, norms.Count);
    }
}
