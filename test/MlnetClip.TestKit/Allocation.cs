namespace MlnetClip.TestKit;

/// <summary>Bytes that a piece of work allocates on its thread.</summary>
public static class Allocation
{
    private const int Rounds = 5;

    /// <summary>
    /// The least of a few measurements. What the work allocates itself is in each of them; a garbage collection that another test
    /// brings about in the middle counts up to 8 KiB of the thread's unused allocation buffer, and is not.
    /// </summary>
    /// <param name="measure">Does the work and returns the bytes counted meanwhile.</param>
    public static long Least(Func<long> measure)
    {
        long least = long.MaxValue;
        for (int round = 0; round < Rounds && least > 0; round++) least = Math.Min(least, measure());
        return least;
    }

    /// <summary>The least of a few measurements of the same work.</summary>
    public static long Of(Action work) => Least(() =>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });
}
