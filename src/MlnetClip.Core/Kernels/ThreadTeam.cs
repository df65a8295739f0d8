using System.Runtime.ExceptionServices;
using MlnetClip.Training;

namespace MlnetClip.Kernels;

/// <summary>
/// A fixed team of threads that runs numbered pieces of work. Which thread runs which piece is not determined, so
/// results must not depend on it: each piece writes data that no other piece writes, or partial results are combined in a fixed order.
/// </summary>
/// <remarks>
/// Idle threads spin for a while, then sleep. Call from one thread at a time, never from within a piece of work.
/// </remarks>
internal sealed class ThreadTeam : IWorkers, IDisposable
{
    private const int SpinsBeforeSleep = 40_000; // of about 40 ns: longer than the serial parts of a small training step
    private const int SpinsBeforeYield = 1000; // with fewer cores than threads, the other threads can continue

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);
    private long _ticket; // the run's number in the upper half, pieces not yet taken in the lower half
    private int _finished; // pieces completed in this run
    private int _asleep;
    private Action<int, int>? _work;
    private Exception? _failure;
    private volatile bool _disposed;

    /// <summary>Starts <paramref name="threads"/> - 1 background threads; the caller of <see cref="Run"/> is the last member.</summary>
    /// <param name="threads">The number of threads, including the caller, from 1 to 1024.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is outside its range.</exception>
    public ThreadTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 1024);
        Count = threads;
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int member = i + 1;
            _threads[i] = new Thread(() => Serve(member)) { IsBackground = true, Name = $"MlnetClip {member}" };
            _threads[i].Start();
        }
    }

    /// <summary>The number of threads, including the caller.</summary>
    public int Count { get; }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The team is disposed.</exception>
    /// <remarks>When a piece throws, one such exception is rethrown here as soon as no piece is running; other pieces may not have run.</remarks>
    public void Run(int pieces, Action<int, int> piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        ArgumentOutOfRangeException.ThrowIfNegative(pieces);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_threads.Length == 0 || pieces <= 1)
        {
            for (int i = 0; i < pieces; i++) piece(i, 0);
            return;
        }

        _work = piece;
        _finished = 0;
        Interlocked.Exchange(ref _ticket, (((_ticket >> 32) + 1) << 32) | (uint)pieces); // publishes; a full fence
        int asleep = Volatile.Read(ref _asleep);
        if (asleep > 0) _wake.Release(Math.Min(asleep, pieces - 1));

        TakePieces(0);
        for (int spins = 1; Volatile.Read(ref _finished) < pieces; spins++) // never sleeps: the rest takes as long as one piece
        {
            if (spins % SpinsBeforeYield == 0) Thread.Yield();
            else Thread.SpinWait(1);
        }

        if (_failure is { } failure)
        {
            _failure = null;
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _wake.Release(_threads.Length + 1);
        foreach (var thread in _threads) thread.Join();
        _wake.Dispose();
    }

    /// <summary>Runs pieces of the current run until none is left.</summary>
    private void TakePieces(int member)
    {
        while (true)
        {
            long ticket = Volatile.Read(ref _ticket);
            uint left = (uint)ticket;
            if (left == 0) return;
            if (Interlocked.CompareExchange(ref _ticket, ticket - 1, ticket) != ticket) continue;
            // The run cannot end before this piece does, so _work is this run's.
            try
            {
                _work!((int)left - 1, member);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref _failure, exception, null);
            }

            Interlocked.Increment(ref _finished);
        }
    }

    private void Serve(int member)
    {
        int spins = 0;
        while (!_disposed)
        {
            if ((uint)Volatile.Read(ref _ticket) != 0)
            {
                TakePieces(member);
                spins = 0;
            }
            else if (spins++ < SpinsBeforeSleep)
            {
                Thread.SpinWait(1);
            }
            else
            {
                Interlocked.Increment(ref _asleep);
                if ((uint)Volatile.Read(ref _ticket) == 0 && !_disposed) _wake.Wait();
                Interlocked.Decrement(ref _asleep);
                spins = 0;
            }
        }
    }
}
