namespace MlnetClip.Search.Planning;

/// <summary>
/// How finalists are tried again with other seeds: in each round the best so far get one seed more, fewer of them each time,
/// and training without clipping gets it too.
/// </summary>
internal static class ConfirmationRounds
{
    private const int Fewest = 2;

    /// <summary>The finalists of each round, falling from the first to two, or to more where there are too few to begin with more, within a number of trials.</summary>
    /// <param name="trials">The most trials that all rounds may take together, those without clipping included.</param>
    /// <param name="seeds">Seeds in all, the one of the exploration included.</param>
    /// <param name="finalists">Points that there are to choose from.</param>
    public static int[] Sizes(int trials, int seeds, int finalists = int.MaxValue)
    {
        int rounds = Math.Min(seeds - 1, trials / (Fewest + 1));
        if (rounds < 1) return [];
        int first = Fewest, last = Fewest;
        while (first < finalists && Cost(Fall(first + 1, last, rounds)) <= trials) first++;
        while (last < first && Cost(Fall(first, last + 1, rounds)) <= trials) last++;
        return Fall(first, last, rounds);
    }

    /// <summary>What rounds cost with the trials without clipping.</summary>
    public static int Cost(int[] sizes) => sizes.Sum() + sizes.Length;

    private static int[] Fall(int first, int last, int rounds) =>
    [
        .. Enumerable.Range(0, rounds).Select(round =>
            (int)Math.Round(first * Math.Pow((double)last / first, rounds == 1 ? 0 : (double)round / (rounds - 1)))),
    ];
}
