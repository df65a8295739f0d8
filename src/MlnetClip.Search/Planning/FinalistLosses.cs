namespace MlnetClip.Search.Planning;

/// <summary>The losses of points by seed, of the trials that were trained to the end.</summary>
internal sealed class FinalistLosses
{
    private readonly Dictionary<(SearchPoint Point, int Seed), double> _losses = [];

    public FinalistLosses(IReadOnlyList<Trial> trials)
    {
        List<SearchPoint> explored = [];
        foreach (Trial trial in trials)
        {
            bool complete = trial.State == TrialState.Complete;
            if (complete && trial.Stage == TrialStage.Explore && !_losses.ContainsKey((trial.Point, trial.Seed))) explored.Add(trial.Point);
            if (complete || trial.Stage == TrialStage.Confirm) _losses[(trial.Point, trial.Seed)] = complete ? trial.Value!.Value : double.PositiveInfinity;
        }

        Explored = explored;
    }

    /// <summary>The distinct points that were explored to the end, in order of their trials.</summary>
    public IReadOnlyList<SearchPoint> Explored { get; }

    /// <summary>Whether a point was tried with a seed, with any result.</summary>
    public bool Tried(SearchPoint point, int seed) => _losses.ContainsKey((point, seed));

    /// <summary>The mean loss of a point over the seeds below a number; infinite where one failed.</summary>
    public double Mean(SearchPoint point, int seeds)
    {
        double sum = 0;
        for (int seed = 0; seed < seeds; seed++) sum += _losses.GetValueOrDefault((point, seed), double.PositiveInfinity);
        return sum / seeds;
    }
}
