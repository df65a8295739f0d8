namespace MlnetClip.Training;

/// <summary>The threads of a backend, which clipping and the optimizer share: they run numbered pieces of work and return when all are done.</summary>
/// <remarks>
/// Which worker runs which piece is not determined, so results must not depend on it: each piece writes data that no other piece
/// writes, or partial results are combined in a fixed order. Call from one thread at a time, never from within a piece.
/// </remarks>
public interface IWorkers
{
    /// <summary>Number of workers, at least 1. The caller of <see cref="Run"/> counts as one.</summary>
    int Count { get; }

    /// <summary>Runs <paramref name="pieces"/> pieces of work and returns when all are done. Allocates nothing.</summary>
    /// <param name="pieces">Number of pieces, 0 or more.</param>
    /// <param name="piece">Called once for each piece with its number, from 0 to <paramref name="pieces"/> - 1, and the number of the
    /// worker, from 0 to <see cref="Count"/> - 1, which selects scratch memory. Create the delegate once and keep it.</param>
    void Run(int pieces, Action<int, int> piece);
}
