namespace MlnetClip.Search.Planning;

/// <summary>
/// How finalists are tried again with other seeds: in each round the best so far get one seed more, fewer of them each time,
/// and training without clipping gets it too.
/// </summary>
internal static class ConfirmationRounds
{
    private const int Fewest = 2;

    /// <summary>The finalists of each round, falling from the first to two, within a number of trials.</summary>
    /// <param name="trials">The most trials that all rounds may take together, those without clipping included.</param>
    /// <param name="seeds">Seeds in all, the one of the exploration included.</param>
    public static int[] Sizes(int trials, int seeds)
    {
        int rounds = Math.Min(seeds - 1, trials / (Fewest + 1));
        if (rounds < 1) return [];
        int first = Fewest;
        while (Cost(Fall(first + 1, rounds)) <= trials) first++;
        return Fall(first, rounds);
    }

    /// <summary>What rounds cost with the trials without clipping.</summary>
    public static int Cost(int[] sizes) => sizes.Sum() + sizes.Length;

    private static int[] Fall(int first, int rounds) =>
    [
        .. Enumerable.Range(0, rounds).Select(round =>
            (int)Math.Round(first * Math.Pow((double)Fewest / first, rounds == 1 ? 0 : (double)round / (rounds - 1)))),
    ];
}
