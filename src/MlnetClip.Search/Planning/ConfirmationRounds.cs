namespace MlnetClip.Search.Planning;

/// <summary>
/// Plans how finalists are tried with further seeds: in each round, a decreasing number of the best settings so far, and training
/// without clipping, are trained with one more seed.
/// </summary>
internal static class ConfirmationRounds
{
    private const int Fewest = 2;

    /// <summary>The number of finalists in each round, decreasing to two (or to more if there are enough trials), within a number of trials.</summary>
    /// <param name="trials">The largest number of trials of all rounds together, including those without clipping.</param>
    /// <param name="seeds">The number of seeds, including the one of the exploration.</param>
    /// <param name="finalists">The number of points to choose from.</param>
    public static int[] Sizes(int trials, int seeds, int finalists = int.MaxValue)
    {
        int rounds = Math.Min(seeds - 1, trials / (Fewest + 1));
        if (rounds < 1) return [];
        int first = Fewest, last = Fewest;
        while (first < finalists && Cost(Fall(first + 1, last, rounds)) <= trials) first++;
        while (last < first && Cost(Fall(first, last + 1, rounds)) <= trials) last++;
        return Fall(first, last, rounds);
    }

    /// <summary>The cost of rounds, including the trials without clipping.</summary>
    public static int Cost(int[] sizes) => sizes.Sum() + sizes.Length;

    private static int[] Fall(int first, int last, int rounds) =>
    [
        .. Enumerable.Range(0, rounds).Select(round =>
            (int)Math.Round(first * Math.Pow((double)last / first, rounds == 1 ? 0 : (double)round / (rounds - 1)))),
    ];
}
