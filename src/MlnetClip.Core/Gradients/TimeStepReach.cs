namespace MlnetClip;

/// <summary>How far back through time a gradient reaches. The one place that decides when a gradient vanishes.</summary>
/// <param name="Reached">Time steps from the end of the sequence up to the earliest that contributes 1/1000 of the largest contribution or more.</param>
/// <param name="TimeSteps">T: time steps of the sequence.</param>
public sealed record TimeStepReach(int Reached, int TimeSteps)
{
    /// <summary>The smallest part of the largest contribution that counts as reached.</summary>
    public const double SmallestShare = 1e-3;

    /// <summary>Whether the gradient vanishes: it reaches fewer than half of the time steps.</summary>
    public bool IsVanishing => Reached * 2 < TimeSteps;

    /// <summary>The reach of a gradient.</summary>
    /// <param name="norms">What each time step contributes, from the first to the last, as <see cref="ClippingSummary.TimeStepNorms"/> has it.</param>
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
