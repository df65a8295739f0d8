using MlnetClip.Training;

namespace MlnetClip.TestKit;

/// <summary>Bytes that a piece of work allocates on its threads. What other threads of the process allocate does not count.</summary>
public static class Allocation
{
    private const int Rounds = 5;

    /// <summary>
    /// The least of a few measurements. Each of them contains what the work itself allocates. A garbage collection in the middle
    /// of a measurement adds up to 8 KiB, the unused rest of a thread's allocation buffer; the least leaves that out.
    /// </summary>
    /// <param name="measure">Does the work and returns the bytes counted meanwhile.</param>
    public static long Least(Func<long> measure)
    {
        long least = long.MaxValue;
        for (int round = 0; round < Rounds && least > 0; round++) least = Math.Min(least, measure());
        return least;
    }

    /// <summary>The least of a few measurements of the same work on the calling thread.</summary>
    public static long Of(Action work) => Least(() =>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });

    /// <summary>The least of a few measurements of the same work on all threads of a team, waiting and waking included.</summary>
    /// <param name="workers">The team. The work uses it, on the calling thread.</param>
    /// <param name="work">The work to measure.</param>
    public static long Of(IWorkers workers, Action work)
    {
        int threads = workers.Count;
        var counts = new long[threads];
        int arrived = 0;
        Action<int, int> count = (_, worker) =>
        {
            // No worker finishes before all have begun, so each takes one piece and counts its own thread.
            Interlocked.Increment(ref arrived);
            while (Volatile.Read(ref arrived) < threads) Thread.Yield();
            counts[worker] = GC.GetAllocatedBytesForCurrentThread();
        };

        Count();
        return Least(() =>
        {
            long before = Count();
            work();
            return Count() - before;
        });

        long Count()
        {
            arrived = 0;
            workers.Run(threads, count);
            return counts.Sum();
        }
    }
}
