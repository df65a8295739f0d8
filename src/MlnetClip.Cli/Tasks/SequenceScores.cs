namespace MlnetClip.Cli.Tasks;

/// <summary>The metrics of a model over sequences.</summary>
/// <param name="Metrics">The metrics, by their names in JSON; the first one is the main one.</param>
/// <param name="Naive">The main metric of a naive prediction: the mean label, or the most frequent class.</param>
/// <param name="NaiveName">What the naive prediction is, in words.</param>
/// <param name="HigherIsBetter">Whether larger values of the main metric are better.</param>
internal sealed record SequenceScores(IReadOnlyDictionary<string, double> Metrics, double Naive, string NaiveName, bool HigherIsBetter)
{
    /// <summary>Whether the main metric is better than that of the naive prediction.</summary>
    public bool IsBetterThanNaive => HigherIsBetter ? Metrics.Values.First() > Naive : Metrics.Values.First() < Naive;
}
