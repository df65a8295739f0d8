using System.Globalization;

namespace MlnetClip.LearningRates;

/// <summary>Chooses a learning rate from the steps of a sweep, and says why.</summary>
internal static class LearningRateChoice
{
    private const int Fewest = 20;

    /// <summary>The proposal is this far below the rate of the lowest loss, where training would be at the edge of stability.</summary>
    private const double Margin = 10;

    /// <summary>A fall of the smoothed loss is seen where it is at least so many times its noise.</summary>
    private const double LeastFall = 3;

    /// <param name="points">The steps.</param>
    /// <param name="hasRisen">Whether the loss rose at the end.</param>
    public static (float? Proposal, string Reason) Of(IReadOnlyList<LearningRatePoint> points, bool hasRisen)
    {
        if (points.Count < Fewest)
            return (null, $"the loss rose, or was not finite, after {points.Count} steps; sweep from a smaller learning rate");
        int begin = points.Count / 5; // the smallest rates, at which the loss hardly moves
        double first = 0, noise = 0;
        for (int i = 0; i < begin; i++) first += points[i].Loss / begin;
        for (int i = 0; i < begin; i++) noise += (points[i].Loss - first) * (points[i].Loss - first) / Math.Max(1, begin - 1);
        noise = Math.Sqrt(noise / begin);
        int lowest = begin;
        for (int i = begin; i < points.Count; i++)
            if (points[i].SmoothedLoss < points[lowest].SmoothedLoss) lowest = i;
        double fall = first - points[lowest].SmoothedLoss;
        if (!(fall > LeastFall * noise))
        {
            return (null, Text($"the loss did not fall by more than its noise at any rate from {points[0].LearningRate:G3} to {points[^1].LearningRate:G3}: ")
                + Text($"from {first:G4} to {points[lowest].SmoothedLoss:G4}, with a standard error of {noise:G2}"));
        }

        var proposal = (float)(points[lowest].LearningRate / Margin);
        string rest = hasRisen || lowest < points.Count - 1
            ? "; larger rates raised it again"
            : "; that was the largest rate, and an even larger one may train too";
        return (proposal, Text($"a tenth of {points[lowest].LearningRate:G3}, where the smoothed loss of {points.Count} steps was lowest, ")
            + Text($"{points[lowest].SmoothedLoss:G4} from {first:G4}{rest}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
