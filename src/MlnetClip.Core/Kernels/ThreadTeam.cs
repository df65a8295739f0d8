using System.Runtime.ExceptionServices;
using MlnetClip.Training;

namespace MlnetClip.Kernels;

/// <summary>
/// A fixed team of threads that runs numbered pieces of work. Each member begins with its own share, the same one in every run with as many pieces,
/// so that it finds what it wrote before in its own cache; then it takes what others have not begun. Results must not depend on who runs a piece:
/// each piece writes data that no other piece writes, or partial results are combined in a fixed order.
/// </summary>
/// <remarks>
/// Idle threads spin for a while, then sleep. Call from one thread at a time, never from within a piece of work.
/// </remarks>
internal sealed class ThreadTeam : IWorkers, IDisposable
{
    private const int SpinsBeforeSleep = 40_000; // of about 40 ns: longer than the serial parts of a small training step
    private const int SpinsBeforeYield = 1000; // with fewer cores than threads, the other threads can continue

    /// <summary>Distance between the tickets of two members: two lines of the cache, which some processors fetch together.</summary>
    private const int TicketStride = 128 / sizeof(long);

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly long[] _tickets; // one for each member: the run's number in the upper half, pieces of its share not yet taken in the lower half
    private uint _run; // the number of the last run
    private int _pieces; // of this run
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
        _tickets = new long[(threads + 1) * TicketStride]; // the last ones keep others' data away
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

        (_work, _pieces, _finished) = (piece, pieces, 0);
        uint run = _run + 1;
        for (int member = 0; member < Count; member++) // publishes the share
            Volatile.Write(ref Ticket(member), ((long)run << 32) | (uint)(FirstOf(member + 1) - FirstOf(member)));
        Interlocked.Exchange(ref _run, run); // a full fence
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

    private ref long Ticket(int member) => ref _tickets[(member + 1) * TicketStride - 1];

    /// <summary>The first piece of a member's share.</summary>
    private int FirstOf(int member) => (int)(((long)_pieces * member + Count - 1) / Count);

    /// <summary>Runs the member's own pieces, then those that others have not begun.</summary>
    private void TakePieces(int member)
    {
        for (int i = 0, owner = member; i < Count; i++, owner = owner + 1 == Count ? 0 : owner + 1) TakePieces(owner, member);
    }

    private void TakePieces(int owner, int member)
    {
        ref long shared = ref Ticket(owner);
        while (true)
        {
            long ticket = Volatile.Read(ref shared);
            uint left = (uint)ticket;
            if (left == 0) return;
            if (Interlocked.CompareExchange(ref shared, ticket - 1, ticket) != ticket) continue;
            // The run cannot end before this piece does, so _work and _pieces are this run's.
            try
            {
                _work!(FirstOf(owner + 1) - (int)left, member);
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
        uint seen = 0;
        int spins = 0;
        while (!_disposed)
        {
            uint run = Volatile.Read(ref _run);
            if (run != seen)
            {
                TakePieces(member);
                (seen, spins) = (run, 0);
            }
            else if (spins++ < SpinsBeforeSleep)
            {
                Thread.SpinWait(1);
            }
            else
            {
                Interlocked.Increment(ref _asleep);
                if (Volatile.Read(ref _run) == seen && !_disposed) _wake.Wait();
                Interlocked.Decrement(ref _asleep);
                spins = 0;
            }
        }
    }
}
