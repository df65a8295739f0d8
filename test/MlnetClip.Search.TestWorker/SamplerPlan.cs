using MlnetClip.Search.Planning;
using MlnetClip.Search.Samplers;
using MlnetClip.Search.Spaces;

namespace MlnetClip.Search.TestWorker;

/// <summary>The simplest plan: points of one sampler, each tried once, in generations of a fixed size.</summary>
public sealed class SamplerPlan : IStudyPlan
{
    private readonly SearchSpace _space;
    private readonly ISampler _sampler;
    private readonly ulong _seed;
    private readonly int _trials;
    private readonly int _generationSize;

    /// <summary>Creates the plan.</summary>
    /// <param name="space">What to choose from.</param>
    /// <param name="sampler">Who chooses.</param>
    /// <param name="seed">The study's seed.</param>
    /// <param name="trials">How many trials there are, 1 or more; fewer when the sampler has no point left.</param>
    /// <param name="generationSize">Trials a generation, 1 or more: as many may run at a time, and none knows of the others.</param>
    public SamplerPlan(SearchSpace space, ISampler sampler, ulong seed, int trials, int generationSize = 4)
    {
        (_space, _sampler, _seed, _trials, _generationSize) = (space, sampler, seed, trials, generationSize);
    }

    /// <inheritdoc/>
    public IReadOnlyList<TrialRequest> Next(IReadOnlyList<Trial> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        Trial[] explored = [.. trials.Where(trial => trial.Stage == TrialStage.Explore)];
        List<SearchPoint> points = [];
        while (points.Count < _generationSize && explored.Length + points.Count < _trials)
        {
            var request = new SampleRequest(_space, _seed, explored.Length + points.Count) { History = explored, Pending = points };
            if (_sampler.Sample(request) is not { } point) break;
            points.Add(point);
        }

        return [.. points.Select(point => new TrialRequest(TrialStage.Explore, point))];
    }
}
