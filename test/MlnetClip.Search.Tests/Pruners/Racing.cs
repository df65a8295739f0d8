using MlnetClip.Data;
using MlnetClip.Search.Pruners;

namespace MlnetClip.Search.Tests.Pruners;

/// <summary>
/// Races of 64 learning curves in generations of four. A curve falls from 1 towards its floor as 1/step, at a rate of its
/// own; floors are even from 0 to 1. What is known: the floor of each, so how good the winner is.
/// </summary>
internal static class Racing
{
    private const int Races = 100, Curves = 64, MaxSteps = 27;

    /// <summary>Checks in how many of 100 races the winner is among the best three of 64, and the share of all steps that was spent.</summary>
    public static void Check(IPruner pruner, int found, double steps)
    {
        int wins = 0;
        long spent = 0;
        for (int race = 0; race < Races; race++)
        {
            var random = new SeededRandom((ulong)race);
            double[] floors = [.. Enumerable.Range(0, Curves).Select(i => (double)i / Curves)];
            int[] order = [.. Enumerable.Range(0, Curves)];
            random.Shuffle(order);
            List<PastTrial> past = [];
            int winner = -1;
            for (int start = 0; start < Curves; start += 4)
            {
                PastTrial[] earlier = [.. past];
                for (int i = start; i < start + 4; i++)
                {
                    TrialReport[] reports = Run(pruner, i, floors[order[i]], random.NextDouble(), earlier);
                    past.Add(new PastTrial(i, reports));
                    spent += reports.Length;
                    if (reports.Length == MaxSteps && (winner < 0 || reports[^1].Value < past[winner].Reports[^1].Value)) winner = i;
                }
            }

            if (order[winner] < 3) wins++;
        }

        double share = (double)spent / (Races * Curves * MaxSteps);
        Assert.IsGreaterThanOrEqualTo(found, wins, $"{wins} of {Races}, {share:P0} of the steps");
        Assert.IsLessThan(steps, share, $"{wins} of {Races}, {share:P0} of the steps");
    }

    private static TrialReport[] Run(IPruner pruner, int number, double floor, double rate, PastTrial[] earlier)
    {
        List<TrialReport> reports = [];
        for (int step = 1; step <= MaxSteps; step++)
        {
            reports.Add(new TrialReport(step, floor + ((1 - floor) * (0.5 + (rate / 2)) / step)));
            if (pruner.ShouldPrune(new PruneRequest(number, reports, MaxSteps, earlier))) break;
        }

        return [.. reports];
    }
}
