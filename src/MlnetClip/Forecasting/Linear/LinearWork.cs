namespace MlnetClip.Forecasting;

/// <summary>Loops over threads, where the work is worth them: the first parallel loop of a process takes some 25 ms until it begins.</summary>
internal static class LinearWork
{
    private const double ParallelFrom = 1 << 24; // multiplications, some milliseconds

    /// <summary>The threads for work of so many multiplications: those that there are, or 1.</summary>
    public static int Threads(int threads, double products) => products >= ParallelFrom ? threads : 1;

    /// <summary>Calls the body for 0 to <paramref name="count"/> - 1, in any order.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static void For(int count, int threads, Action<int> body, CancellationToken cancellation)
    {
        if (threads > 1)
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, body);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            body(i);
        }
    }
}
